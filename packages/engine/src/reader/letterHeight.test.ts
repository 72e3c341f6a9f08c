import assert from "node:assert/strict";
import { test } from "node:test";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { measureLetterHeight } from "./letterHeight.ts";
import type { GreyImage } from "./resize.ts";
import { scalePage } from "./scale.ts";

interface Shape {
  readonly width: number;
  readonly height: number;
}

/** A page of shapes, side by side and 16 pixels apart. */
function page(
  shapes: readonly Shape[],
  { ink = 20, paper = 240, width = 600, height = 400 } = {},
): GreyImage {
  const pixels = new Uint8Array(width * height).fill(paper);
  let [x, y, rowHeight] = [20, 20, 0];
  for (const shape of shapes) {
    if (x + shape.width > width - 20) [x, y, rowHeight] = [20, y + rowHeight + 16, 0];
    for (let row = y; row < y + shape.height; row++)
      pixels.fill(ink, row * width + x, row * width + x + shape.width);
    x += shape.width + 16;
    rowHeight = Math.max(rowHeight, shape.height);
  }
  return { width, height, pixels };
}

const shapes = (count: number, width: number, height: number): Shape[] =>
  Array.from({ length: count }, () => ({ width, height }));

test("letters are as high as their shapes, dark on light and light on dark", () => {
  for (const height of [7, 16, 23]) {
    const letters = shapes(60, 8, height);
    assert.equal(measureLetterHeight(page(letters)), height);
    assert.equal(measureLetterHeight(page(letters, { ink: 230, paper: 25 })), height, "dark mode");
  }
});

test("specks, rules and frames are no letters, however many there are", () => {
  const letters = shapes(20, 8, 16);
  assert.equal(measureLetterHeight(page([...letters, ...shapes(40, 3, 3), ...shapes(4, 400, 5)])), 16);
});

test("where hardly anything is written there is no height", () => {
  assert.equal(measureLetterHeight(page([])), null);
  assert.equal(measureLetterHeight(page(shapes(7, 8, 16))), null);
  assert.equal(measureLetterHeight(page(shapes(20, 8, 16), { ink: 225 })), null, "too faint");
});

function raster(image: GreyImage): GreyRaster {
  return { ...image, dpi: 200 };
}

test("a page is scaled so that its letters have the height that the detector is used to", () => {
  const { scale, letterHeight, image } = scalePage(raster(page(shapes(20, 10, 23))));
  assert.deepEqual([letterHeight, scale], [23, 0.5]);
  assert.deepEqual([image.width, image.height], [300, 200]);
});

test("large pages are measured smaller, and the height is in pixels of the page", () => {
  const large = page(shapes(60, 16, 46), { width: 3_000, height: 2_600 });
  const { letterHeight, scale } = scalePage(raster(large));
  assert.ok(Math.abs((letterHeight ?? 0) - 46) <= 2, `${letterHeight}`);
  assert.ok(Math.abs(scale - 0.25) < 0.02);
});

test("tiny letters are enlarged twice at most; a page without letters comes to the usual size, and no larger", () => {
  assert.equal(scalePage(raster(page(shapes(20, 3, 5)))).scale, 2);
  assert.equal(scalePage(raster(page([], { width: 2_560, height: 1_000 }))).scale, 0.5);
  assert.equal(scalePage(raster(page([]))).scale, 1);
});
