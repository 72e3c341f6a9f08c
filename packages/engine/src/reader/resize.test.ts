import assert from "node:assert/strict";
import { test } from "node:test";
import { type GreyImage, resize } from "./resize.ts";

function image(width: number, levels: readonly number[]): GreyImage {
  return { width, height: levels.length / width, pixels: Uint8Array.from(levels) };
}

test("a smaller image has the mean of the pixels that each of its own covers", () => {
  const { width, height, pixels } = resize(
    image(4, [0, 100, 10, 10, 100, 200, 10, 50, 255, 255, 0, 0, 255, 255, 0, 0]),
    0.5,
  );
  assert.deepEqual([width, height, ...pixels], [2, 2, 100, 20, 255, 0]);
});

test("pixels that two new ones share count in both by their share", () => {
  const { pixels } = resize(image(3, [0, 90, 240]), 2 / 3);
  // 1.5 old pixels for a new one: (0 + 90 / 2) / 1.5 and (90 / 2 + 240) / 1.5.
  assert.deepEqual([...pixels], [30, 190]);
});

test("a larger image is interpolated between the centres of pixels", () => {
  assert.deepEqual([...resize(image(2, [0, 100]), 2).pixels.subarray(0, 4)], [0, 25, 75, 100]);
  const down = resize(image(1, [0, 100]), 2);
  assert.deepEqual(
    [0, 1, 2, 3].map((row) => down.pixels[row * down.width]),
    [0, 25, 75, 100],
  );
});

test("an image of one level keeps it at every size, and has at least a pixel", () => {
  const even = image(7, Array<number>(35).fill(131));
  for (const scale of [0.01, 0.3, 0.77, 1, 1.4, 3.3]) {
    const { width, height, pixels } = resize(even, scale);
    assert.deepEqual(
      [width, height],
      [Math.max(1, Math.round(7 * scale)), Math.max(1, Math.round(5 * scale))],
    );
    assert.ok(pixels.length === width * height && pixels.every((level) => level === 131));
  }
});
