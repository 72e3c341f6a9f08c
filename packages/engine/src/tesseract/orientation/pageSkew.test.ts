import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bilevel } from "../../raster/binarise.ts";
import { estimateSkew } from "./pageSkew.ts";

const dpi = 200;
const side = 960;

/** Black where `ink` says so, of a page turned clockwise by an angle about its middle. */
function page(degrees: number, ink: (x: number, y: number) => boolean): Bilevel {
  const { sin, cos } = { sin: Math.sin((degrees * Math.PI) / 180), cos: Math.cos((degrees * Math.PI) / 180) };
  const rowBytes = side / 8;
  const bits = new Uint8Array(rowBytes * side);
  let blackPixels = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const right = column - side / 2;
      const down = row - side / 2;
      if (!ink(right * cos + down * sin, down * cos - right * sin)) continue;
      bits[row * rowBytes + (column >> 3)] =
        (bits[row * rowBytes + (column >> 3)] as number) | (128 >> (column & 7));
      blackPixels++;
    }
  }
  return { width: side, height: side, rowBytes, bits, blackPixels };
}

const modulo = (value: number, by: number) => ((value % by) + by) % by;
const within = (value: number, least: number, most: number) => value >= least && value < most;

/** The same number from 0 to 1 for the same two, without a pattern. */
function chance(a: number, b: number): number {
  const mixed = Math.imul(Math.imul(a + 101, 374761393) ^ Math.imul(b + 307, 668265263), 1274126177);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

/** Lines of words of several lengths: letters 14 pixels high, of strokes of 3, on lines 34 apart. */
function text(x: number, y: number): boolean {
  const line = Math.floor(y / 34);
  const place = x + 150 * chance(line, 0);
  const word = modulo(place, 150);
  return (
    Math.abs(x) < 400 &&
    Math.abs(y) < 400 &&
    within(modulo(y, 34), 6, 20) &&
    word < 60 + 70 * chance(line, Math.floor(place / 150)) &&
    (modulo(place, 9) < 3 || modulo(y, 34) < 9)
  );
}

/** A table of few short words, with ruling lines around each cell. */
function table(x: number, y: number): boolean {
  if (Math.abs(x) > 400 || Math.abs(y) > 400) return false;
  const [cellX, cellY] = [modulo(x, 160), modulo(y, 60)];
  return cellX < 3 || cellY < 3 || (within(cellX, 20, 75) && within(cellY, 22, 38) && modulo(x + y, 9) < 6);
}

for (const degrees of [0, -0.7, 2, -5, 15]) {
  for (const [kind, ink] of [
    ["text", text],
    ["a table", table],
  ] as const) {
    test(`${kind} askew by ${degrees}°, upright and sideways`, () => {
      for (const quarter of [0, 90, 180, 270]) {
        const { sideways, skewDegrees } = estimateSkew(page(quarter + degrees, ink), dpi);
        assert.equal(sideways, quarter % 180 !== 0);
        assert.ok(
          Math.abs((skewDegrees ?? Number.NaN) - degrees) <= 0.2,
          `${skewDegrees} found at ${quarter}°`,
        );
      }
    });
  }
}

test("a page askew by more than can be corrected is not taken for one at the limit", () => {
  for (const degrees of [17, -18]) assert.equal(estimateSkew(page(degrees, text), dpi).skewDegrees, null);
});

test("ruling lines alone, specks, a picture, a few words and an empty page say nothing", () => {
  const speck = (x: number, y: number) => chance(Math.floor(x / 3), Math.floor(y / 3)) < 0.02;
  const blot = (x: number, y: number) => Math.hypot(x, y) < 300 && modulo(x * 7 + y * 3, 5) < 4;
  const pages: [string, (x: number, y: number) => boolean][] = [
    ["empty", () => false],
    ["rulings", (x, y) => modulo(x, 160) < 3 || modulo(y, 60) < 3],
    ["specks", speck],
    ["a picture", blot],
    ["two words", (x, y) => text(x, y) && within(y, 0, 34) && within(x, 0, 250)],
  ];
  for (const [kind, ink] of pages) {
    assert.deepEqual(estimateSkew(page(3, ink), dpi), { sideways: false, skewDegrees: null }, kind);
  }
});

test("the greater part decides: a table that lies sideways on an upright page, and the other way round", () => {
  const mixed = (x: number, y: number) => (y < 150 ? text(x, y) : text(y, x));
  assert.equal(estimateSkew(page(0, mixed), dpi).sideways, false);
  assert.equal(estimateSkew(page(90, mixed), dpi).sideways, true);
});
