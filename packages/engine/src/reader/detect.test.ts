import assert from "node:assert/strict";
import { test } from "node:test";
import { detectLines } from "./detect.ts";
import type { GreyImage } from "./resize.ts";
import type { Network } from "./sessions.ts";

interface Bar {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

const barHeight = 12;

/** An image with bars that stand for lines of text. */
function imageOf(width: number, height: number, bars: readonly Bar[], paper = 240): GreyImage {
  const pixels = new Uint8Array(width * height).fill(paper);
  for (const { left, top, width: length } of bars)
    for (let y = top; y < top + barHeight; y++) pixels.fill(20, y * width + left, y * width + left + length);
  return { width, height, pixels };
}

/** A detector that takes dark pixels for text, and notes the sizes of the pieces it was given. */
function darkDetector(): Network & { readonly sizes: (readonly [width: number, height: number])[] } {
  const sizes: [number, number][] = [];
  return {
    sizes,
    inputOf: (length) => new Float32Array(length),
    async run(input, [, channels = 0, height = 0, width = 0]) {
      assert.deepEqual([channels, input.length], [3, 3 * width * height]);
      sizes.push([width, height]);
      const data = Float32Array.from(input.subarray(0, width * height), (level) => (level < 0 ? 0.9 : 0));
      return { data, shape: [1, 1, height, width] };
    },
  };
}

async function detect(image: GreyImage, scale = 1) {
  const detector = darkDetector();
  const found = await detectLines({ image, scale, letterHeight: null }, detector);
  found.sort((one, other) => one.y - other.y || one.x - other.x);
  return { found, sizes: detector.sizes };
}

test("an empty page does not reach the detector, nor does the noise of its paper", async () => {
  const image = imageOf(600, 800, []);
  for (let at = 0; at < image.pixels.length; at += 7) image.pixels[at] = 228;
  const { found, sizes } = await detect(image);
  assert.deepEqual([found, sizes], [[], []]);
});

test("lines come in pixels of the page, whose scale is another", async () => {
  const { found } = await detect(imageOf(600, 800, [{ left: 100, top: 300, width: 200 }]), 0.5);
  assert.equal(found.length, 1);
  const [{ x, y, width, angle }] = found as [(typeof found)[number]];
  assert.deepEqual([x, y, angle], [400, 612, 0]);
  assert.ok(width > 400 && width < 450);
});

test("blank parts of a page are left out", async () => {
  const { found, sizes } = await detect(
    imageOf(2_000, 2_000, [
      { left: 40, top: 40, width: 100 },
      { left: 1_800, top: 1_900, width: 100 },
    ]),
  );
  assert.equal(found.length, 2);
  assert.equal(sizes.length, 2);
  for (const [width, height] of sizes) assert.ok(width <= 256 && height <= 192, `${width} × ${height}`);
});

test("a full page is divided into pieces of a bounded size, and no line is lost, cut or found twice", async () => {
  const lines = Array.from({ length: 80 }, (_, index) => ({ left: 60, top: 30 + index * 24, width: 1_400 }));
  const { found, sizes } = await detect(imageOf(1_500, 2_000, lines));
  assert.ok(sizes.length > 8);
  for (const [width, height] of sizes) {
    assert.ok(width % 32 === 0 && height % 32 === 0);
    assert.ok(width <= 640 + 96 && height <= 256 + 96, `${width} × ${height}`);
  }
  assert.equal(found.length, lines.length);
  for (const [index, { y, width, height }] of found.entries()) {
    assert.equal(y, 36 + index * 24);
    assert.ok(height < 32 && width > 1_400 && width < 1_440, `${width} × ${height}`);
  }
});
