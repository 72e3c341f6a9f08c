import assert from "node:assert/strict";
import { test } from "node:test";
import { binarise } from "./binarise.ts";
import type { GreyRaster } from "./greyRaster.ts";

const width = 800;
const height = 400;
const dpi = 200;

/** A page whose grey levels a function tells. */
function page(level: (x: number, y: number) => number): GreyRaster {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[y * width + x] = level(x, y);
  return { width, height, dpi, pixels };
}

/** Strokes as wide as those of 11-point letters, every 12 pixels, over a band of the page. */
const stroke = (x: number, y: number) => x % 12 < 3 && y % 40 > 10 && y % 40 < 32;

function isBlack({ bilevel }: ReturnType<typeof binarise>, x: number, y: number): boolean {
  const { bits, rowBytes } = bilevel;
  return (((bits[y * rowBytes + (x >> 3)] as number) >> (7 - (x & 7))) & 1) === 1;
}

/** Share of pixels that came out as the strokes are, away from the page's edges. */
function agreement(result: ReturnType<typeof binarise>, ink: (x: number, y: number) => boolean): number {
  let right = 0;
  let total = 0;
  for (let y = 50; y < height - 50; y++) {
    for (let x = 50; x < width - 50; x++) {
      total++;
      if (isBlack(result, x, y) === ink(x, y)) right++;
    }
  }
  return right / total;
}

/** Noise of a scanner, ±`amplitude`, the same in every run. */
function noise(amplitude: number): () => number {
  let state = 12345;
  return () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return ((state / 0x7fffffff) * 2 - 1) * amplitude;
  };
}

test("black on white stays as it is", () => {
  const result = binarise(page((x, y) => (stroke(x, y) ? 20 : 250)));
  assert.equal(agreement(result, stroke), 1);
  assert.ok(result.safe);
});

test("a page of only black and white, as a fax is, stays as it is", () => {
  const result = binarise(page((x, y) => (stroke(x, y) ? 0 : 255)));
  assert.equal(agreement(result, stroke), 1);
});

test("black on a grey bar is read against the bar", () => {
  const bar = (y: number) => y >= 120 && y < 200;
  const result = binarise(page((x, y) => (stroke(x, y) ? 15 : bar(y) ? 110 : 250)));
  assert.ok(agreement(result, stroke) > 0.99, `${agreement(result, stroke)}`);
});

test("white on a dark bar comes out black on white, to its last letter", () => {
  const bar = (x: number, y: number) => y >= 112 && y < 208 && x >= 80 && x < 720;
  const letters = (x: number, y: number) => y >= 140 && y < 170 && x >= 120 && x < 420 && x % 12 < 4;
  const result = binarise(page((x, y) => (bar(x, y) ? (letters(x, y) ? 250 : 34) : 250)));
  let right = 0;
  let total = 0;
  for (let y = 136; y < 174; y++) {
    for (let x = 110; x < 700; x++) {
      total++;
      if (isBlack(result, x, y) === letters(x, y)) right++;
    }
  }
  assert.equal(right, total);
});

test("a picture is a blot, not lines that look like writing; the text beside it stays", () => {
  const picture = (x: number, y: number) => x >= 440 && x < 700 && y >= 80 && y < 320;
  const shades = (x: number, y: number) => 90 + 60 * Math.sin(x / 9) * Math.cos(y / 7);
  const text = (x: number, y: number) => x < 400 && stroke(x, y);
  const result = binarise(page((x, y) => (picture(x, y) ? shades(x, y) : text(x, y) ? 20 : 250)));
  const blotOrText = (x: number, y: number) => picture(x, y) || text(x, y);
  assert.ok(agreement(result, blotOrText) > 0.99, `${agreement(result, blotOrText)}`);
});

test("black on paper that darkens across the page, as in a photo, is read everywhere", () => {
  const paper = (x: number) => 250 - (x / width) * 170;
  const result = binarise(page((x, y) => (stroke(x, y) ? paper(x) * 0.2 : paper(x))));
  assert.ok(agreement(result, stroke) > 0.99, `${agreement(result, stroke)}`);
});

test("faint print is ink where there is nothing darker", () => {
  const result = binarise(page((x, y) => (stroke(x, y) ? 210 : 250)));
  assert.ok(agreement(result, stroke) > 0.99);
});

test("an empty page is white, whatever its noise", () => {
  for (const amplitude of [0, 3, 8]) {
    const grain = noise(amplitude);
    const result = binarise(page(() => Math.min(255, 240 + grain())));
    assert.equal(result.bilevel.blackPixels, 0, `noise of ${amplitude}`);
    assert.ok(result.safe);
  }
});

test("one short line on a noisy page is all that is black", () => {
  const grain = noise(6);
  const line = (x: number, y: number) => y > 190 && y < 205 && x > 300 && x < 360 && x % 8 < 3;
  const result = binarise(page((x, y) => Math.min(255, Math.max(0, (line(x, y) ? 30 : 240) + grain()))));
  assert.equal(agreement(result, line), 1);
});

test("continuous tones are not safe to binarise", () => {
  const grain = noise(90);
  const result = binarise(
    page((x, y) => Math.min(255, Math.max(0, 128 + 60 * Math.sin(x / 40) * Math.cos(y / 30) + grain()))),
  );
  assert.equal(result.safe, false);
});
