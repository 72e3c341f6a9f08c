import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineInk } from "./ink.ts";
import { type LineImage, lineHeight } from "./lineImage.ts";
import { placeWord } from "./placeWord.ts";

const page = { width: 1_000, height: 800 };
const width = 200;

/** A line of half the recogniser's size on the page: 100 × 24 pixels around (300, 200). */
function lineAt(degrees: number): LineImage {
  const angle = (degrees * Math.PI) / 180;
  return {
    line: { x: 300, y: 200, length: 100, thickness: 24, angle },
    width,
    pixels: new Uint8Array(width * lineHeight),
  };
}

/** Ink in rows, over the columns 40 to 80. */
function inkIn(...rows: readonly (readonly [start: number, end: number])[]): LineInk {
  const pixels = new Uint8Array(width * lineHeight);
  for (const [start, end] of rows)
    for (let row = start; row < end; row++) pixels.fill(1, row * width + 40, row * width + 80);
  return { pixels, columns: new Uint8Array(width) };
}

const columns = { start: 40, end: 80 };

test("a word on an upright line has the box of its ink, and no polygon", () => {
  // The line begins at (250, 188), and two of its pixels are one of the page.
  assert.deepEqual(placeWord(lineAt(0), inkIn([12, 36]), columns, page), {
    box: { x: 270, y: 194, width: 20, height: 12 },
  });
});

test("pages turned by quarters have no polygons either", () => {
  const box = (degrees: number) => {
    const { box: found, polygon } = placeWord(lineAt(degrees), inkIn([12, 36]), columns, page);
    assert.equal(polygon, undefined);
    return found;
  };
  assert.deepEqual(box(180), { x: 310, y: 194, width: 20, height: 12 });
  assert.deepEqual(box(90), { x: 294, y: 170, width: 12, height: 20 });
  assert.deepEqual(box(-90), { x: 294, y: 210, width: 12, height: 20 });
  assert.equal(placeWord(lineAt(0.5), inkIn([12, 36]), columns, page).polygon, undefined);
});

test("a turned word has its four corners, from where it begins, clockwise; its box is around them", () => {
  const { box, polygon } = placeWord(lineAt(30), inkIn([12, 36]), columns, page);
  assert.ok(polygon);
  const [start, end, below] = polygon;
  assert.ok(Math.abs(Math.atan2(end.y - start.y, end.x - start.x) - Math.PI / 6) < 0.01);
  assert.ok(Math.abs(Math.hypot(end.x - start.x, end.y - start.y) - 20) < 0.2);
  assert.ok(Math.abs(Math.hypot(below.x - end.x, below.y - end.y) - 12) < 0.2);
  assert.ok(Math.abs(box.width - (20 * Math.cos(Math.PI / 6) + 12 * Math.sin(Math.PI / 6))) < 0.2);
});

test("dots and accents belong to the word, the line above does not", () => {
  const rowsOf = (ink: LineInk) => {
    const { box } = placeWord(lineAt(0), ink, columns, page);
    return [(box.y - 188) * 2, (box.y - 188 + box.height) * 2];
  };
  assert.deepEqual(rowsOf(inkIn([8, 10], [14, 36])), [8, 36]);
  assert.deepEqual(rowsOf(inkIn([0, 3], [8, 36])), [8, 36], "touches the edge");
  assert.deepEqual(rowsOf(inkIn([2, 4], [14, 36])), [14, 36], "too far away");
  assert.deepEqual(rowsOf(inkIn()), [0, lineHeight], "no ink: the whole line");
});

test("a box ends at the page's edge", () => {
  const line = { ...lineAt(0), line: { ...lineAt(0).line, x: 10, y: 5 } };
  const { box } = placeWord(line, inkIn([0, 48]), { start: 0, end: 200 }, page);
  assert.deepEqual(box, { x: 0, y: 0, width: 60, height: 17 });
});
