import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bilevel } from "../../raster/binarise.ts";
import type { PageImage } from "../../raster/netpbm.ts";
import type { TsvWord } from "../parseTsv.ts";
import { readUpright } from "./readUpright.ts";

const dpi = 200;
const [width, height] = [1_000, 1_400];

/** Lines of bars as long as words over the whole page. */
const image = written();

function written(): Bilevel {
  const rowBytes = width / 8;
  const bits = new Uint8Array(rowBytes * height);
  for (let y = 100; y < 1_300; y++)
    if (y % 40 < 16)
      for (let byte = 10; byte < 110; byte++) if (byte % 10 < 7) bits[y * rowBytes + byte] = 255;
  return { width, height, rowBytes, bits, blackPixels: 1 };
}

/** What a recogniser made of an image, all of it as surely. */
function words(confidence: number, count = 20): TsvWord[] {
  const box = { x: 10, y: 10, width: 50, height: 16 };
  return Array.from({ length: count }, () => ({
    text: "word",
    confidence,
    box,
    line: 0,
    block: 0,
    paragraph: 0,
  }));
}

/** Reads the page with a recogniser that answers as told, one image after the other. */
function read(sideways: boolean, answers: readonly (TsvWord[] | Error)[]) {
  const asked: PageImage[] = [];
  const reading = readUpright({ image, dpi, sideways }, (part) => {
    const answer = answers[asked.push(part) - 1];
    if (!answer) throw new Error("it was asked once too often");
    if (answer instanceof Error) throw answer;
    return answer;
  });
  assert.equal(asked.length, answers.length);
  return { orientation: reading.orientation, confidence: reading.words[0]?.confidence, asked };
}

test("a page that reads well as it lies is recognised once", () => {
  const { orientation } = read(false, [words(90)]);
  assert.equal(orientation, 0);
});

test("one that reads badly is tried on a strip, and read the other way up", () => {
  const { orientation, confidence, asked } = read(false, [words(30), words(28), words(92), words(88)]);
  assert.deepEqual([orientation, confidence], [180, 88]);
  assert.ok(asked.slice(1, 3).every((strip) => strip.width === width && strip.height < height / 4));
});

test("one that reads badly either way stays as it lies", () => {
  for (const [asItLies, upsideDown] of [
    [30, 28],
    [50, 58],
    [20, 40],
  ] as const) {
    const { orientation } = read(false, [words(40), words(asItLies), words(upsideDown)]);
    assert.equal(orientation, 0);
  }
});

test("a strip that reads better does not stand for a page that does not", () => {
  const { orientation, confidence } = read(false, [words(50), words(30), words(80), words(40)]);
  assert.deepEqual([orientation, confidence], [0, 50]);
});

test("a few words in a strip prove nothing", () => {
  const { orientation } = read(false, [words(30), words(20), words(99, 2)]);
  assert.equal(orientation, 0);
});

test("a sideways page is read as the better strip is", () => {
  assert.equal(read(true, [words(90), words(30), words(85)]).orientation, 90);
  const { orientation, asked } = read(true, [words(30), words(90), words(85)]);
  assert.equal(orientation, 270);
  assert.deepEqual([asked[2]?.width, asked[2]?.height], [height, width]);
  assert.equal(read(true, [words(30), words(35), words(85)]).orientation, 0);
});

test("what was read is not lost when another way fails", () => {
  const trap = new Error("memory access out of bounds");
  const failed = read(false, [words(30), trap]);
  assert.deepEqual([failed.orientation, failed.confidence], [0, 30]);
  const late = read(false, [words(30), words(28), words(92), trap]);
  assert.deepEqual([late.orientation, late.confidence], [0, 30]);
  assert.throws(() => read(false, [trap]), trap);
});
