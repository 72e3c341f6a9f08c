import assert from "node:assert/strict";
import { test } from "node:test";
import { findLineInk, widestGap } from "./ink.ts";
import { type LineImage, lineHeight } from "./lineImage.ts";

const width = 160;

function lineOf(level: (column: number, row: number) => number): LineImage {
  const pixels = Uint8Array.from({ length: width * lineHeight }, (_, at) =>
    level(at % width, Math.floor(at / width)),
  );
  return { line: { x: 80, y: 24, length: width, thickness: lineHeight, angle: 0 }, width, pixels };
}

/** Two words: strokes from column 10 to 50 and from 80 to 140. */
const isStroke = (column: number, row: number) =>
  row >= 12 &&
  row < 36 &&
  ((column >= 10 && column < 50) || (column >= 80 && column < 140)) &&
  column % 10 < 6;

test("ink is found dark on light and light on dark", () => {
  for (const [ink, paper] of [
    [30, 240],
    [190, 230],
    [235, 20],
  ] as const) {
    const { pixels, columns } = findLineInk(lineOf((column, row) => (isStroke(column, row) ? ink : paper)));
    for (let column = 0; column < width; column++)
      assert.equal(columns[column], isStroke(column, 20) ? 24 : 0, `${ink} on ${paper}, column ${column}`);
    assert.equal(
      pixels.reduce((sum, each) => sum + each, 0),
      60 * 24,
    );
  }
});

test("an underline and the line above are no ink of this line's letters", () => {
  const { columns, pixels } = findLineInk(
    lineOf((column, row) => (isStroke(column, row) || row === 40 || (row < 3 && column < 100) ? 20 : 240)),
  );
  assert.deepEqual([columns[0], columns[12], columns[60]], [0, 24, 0]);
  assert.equal(pixels[40 * width + 60], 0);
});

test("the widest gap is where the words part; there is none within ink", () => {
  const ink = findLineInk(lineOf((column, row) => (isStroke(column, row) ? 20 : 240)));
  assert.deepEqual(widestGap(ink, { start: 20, end: 120 }), { start: 46, end: 80 });
  assert.deepEqual(widestGap(ink, { start: 0, end: 40 }), { start: 0, end: 10 });
  assert.deepEqual(widestGap(ink, { start: 60, end: 70 }), { start: 60, end: 70 });
  assert.equal(widestGap(ink, { start: 11, end: 15 }), null);
  assert.deepEqual(widestGap(ink, { start: 130, end: 999 }), { start: 136, end: 160 });
});
