import assert from "node:assert/strict";
import { test } from "node:test";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { cutLine, lineHeight, onPage, type TextLine } from "./lineImage.ts";

const [width, height] = [400, 300];

function page(level: (x: number, y: number) => number): GreyRaster {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[y * width + x] = level(x, y);
  return { width, height, dpi: 200, pixels };
}

/** Each place has its own level, which linear interpolation keeps: 0.4 levels a pixel to the right, 0.2 downwards. */
const slope = (x: number, y: number) => x * 0.4 + y * 0.2;

/** The place on the line image of a point on the page: the inverse of {@link onPage}. */
function onLine({ x, y, length, thickness, angle }: TextLine, step: number, point: { x: number; y: number }) {
  const along = (point.x - x) * Math.cos(angle) + (point.y - y) * Math.sin(angle);
  const across = (point.y - y) * Math.cos(angle) - (point.x - x) * Math.sin(angle);
  return { column: (along + length / 2) / step, row: (across + thickness / 2) / step };
}

test("an upright line of the recogniser's height is cut out pixel by pixel", () => {
  const raster = page((x, y) => (x * 7 + y * 13) % 251);
  const {
    line,
    width: lineWidth,
    pixels,
  } = cutLine(raster, {
    ...{ x: 120, y: 124, length: 160, thickness: lineHeight },
    angle: 0,
  });
  assert.equal(lineWidth, 160);
  assert.equal(line.length, 160);
  for (let row = 0; row < lineHeight; row++)
    for (let column = 0; column < lineWidth; column++)
      assert.equal(pixels[row * lineWidth + column], raster.pixels[(100 + row) * width + 40 + column]);
});

for (const degrees of [-90, -17, 5, 90, 180]) {
  test(`a line that runs at ${degrees}° is cut out along its direction`, () => {
    const angle = (degrees * Math.PI) / 180;
    const image = cutLine(page(slope), { x: 200, y: 150, length: 150, thickness: 32, angle });
    const step = image.line.thickness / lineHeight;
    for (const [column, row] of [
      [3, 5],
      [100, 24],
      [200, 40],
    ] as const) {
      const place = onPage(image.line, step, column + 0.5, row + 0.5);
      const level = image.pixels[row * image.width + column] as number;
      const expected = slope(place.x - 0.5, place.y - 0.5);
      assert.ok(Math.abs(level - expected) < 1.7, `${level} for ${expected}`);
      const back = onLine(image.line, step, place);
      assert.ok(Math.abs(back.column - column - 0.5) < 1e-9 && Math.abs(back.row - row - 0.5) < 1e-9);
    }
  });
}

test("a width rounded up to whole frames lengthens the line at its end", () => {
  const angle = Math.PI / 2;
  const cut = cutLine(page(slope), { x: 200, y: 150, length: 100, thickness: 24, angle });
  // 100 × 48 / 24 = 200 is a multiple of 8, 101 × 2 is not.
  assert.deepEqual([cut.width, cut.line.length], [200, 100]);
  const longer = cutLine(page(slope), { x: 200, y: 150, length: 101, thickness: 24, angle });
  assert.deepEqual([longer.width, longer.line.length], [208, 104]);
  const start = onPage(longer.line, 0.5, 0, 24);
  assert.ok(Math.abs(start.x - 200) < 1e-9 && Math.abs(start.y - 99.5) < 1e-9);
});

test("of a line much finer than the recogniser's, several pixels are averaged", () => {
  const checks = page((x, y) => ((x + y) % 2 === 0 ? 0 : 200));
  const { pixels } = cutLine(checks, { x: 200, y: 150, length: 300, thickness: 96 * 2, angle: 0 });
  assert.ok(pixels.every((level) => level > 60 && level < 140));
});

test("beyond the page its edge is repeated", () => {
  const raster = page((x) => (x < 10 ? 30 : 220));
  const { pixels, width: lineWidth } = cutLine(raster, {
    ...{ x: 0, y: 0, length: 96, thickness: lineHeight },
    angle: 0,
  });
  assert.ok([0, 20, 40].every((row) => pixels[row * lineWidth] === 30));
  assert.equal(pixels[lineWidth - 1], 220);
});
