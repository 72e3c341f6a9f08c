import assert from "node:assert/strict";
import { test } from "node:test";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { type FakeReading, fakeRecogniser, ground, levelOf } from "../testing/fakeNetworks.ts";
import { uncalibrated } from "./confidence.ts";
import { type ReadRasterOptions, readRaster } from "./readRaster.ts";
import type { Network, ReaderNetworks } from "./sessions.ts";

const [width, height] = [1_000, 500];
const options: ReadRasterOptions = { quality: "balanced", rotate: true };
/** A painted character, the gap behind it, and a blank, in pixels of the page. */
const size = { character: 30, gap: 20, blank: 60, height: 40 };

interface Painted {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** A page with texts that fake recognisers read. */
function page(texts: readonly Painted[]): GreyRaster {
  const pixels = new Uint8Array(width * height).fill(ground);
  for (const { text, x, y } of texts) {
    let left = x;
    for (const each of text) {
      if (each !== " ")
        for (let row = y; row < y + size.height; row++)
          pixels.fill(levelOf(each), row * width + left, row * width + left + size.character);
      left += each === " " ? size.blank : size.character + size.gap;
    }
  }
  return { width, height, dpi: 200, pixels };
}

/** A detector for which whatever is near ink is text. */
const detector: Network = {
  inputOf: (length) => new Float32Array(length),
  async run(input, shape) {
    const [rows = 0, columns = 0] = shape.slice(2);
    const data = new Float32Array(rows * columns);
    const isInk = (y: number, x: number) => (input[y * columns + x] ?? 9) < 1;
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        for (let near = -24; near <= 24; near++)
          if (x + near >= 0 && x + near < columns && isInk(y, x + near)) data[y * columns + x] = 0.9;
    return { data, shape: [1, 1, rows, columns] };
  },
};

function networks(fast: FakeReading = {}, accurate: FakeReading = {}): ReaderNetworks {
  return { detector, fast: fakeRecogniser(fast), accurate: fakeRecogniser(accurate) };
}

async function readWords(
  texts: readonly Painted[],
  of: ReaderNetworks,
  changed: Partial<ReadRasterOptions> = {},
) {
  const { words } = await readRaster(page(texts), of, uncalibrated, { ...options, ...changed });
  return words;
}

const number: Painted = { text: "13.4", x: 100, y: 100 };

test("a number on which both recognisers agree is sure, and has no other reading", async () => {
  const [word, ...others] = await readWords([number], networks());
  assert.deepEqual(others, []);
  assert.ok(word);
  assert.deepEqual([word.text, word.uncertain, word.alternative], ["13.4", false, undefined]);
  assert.ok(word.confidence > 90);
});

test("a number on which they disagree is uncertain however sure both are, with the other reading beside it", async () => {
  const [word] = await readWords([number], networks({ probability: 0.999 }, { instead: { 3: "8" } }));
  assert.deepEqual([word?.text, word?.uncertain, word?.alternative], ["13.4", true, "18.4"]);
});

test("a decimal point that only one of them sees makes the number uncertain", async () => {
  const [word] = await readWords([number], networks({}, { instead: { ".": "" }, probability: 0.95 }));
  assert.deepEqual([word?.text, word?.uncertain, word?.alternative], ["13.4", true, "134"]);
});

test("a word that is a number for one of them only is a doubtful number", async () => {
  const texts = [{ ...number, text: "ab" }];
  const of = networks({}, { instead: { b: "8" }, probability: 0.9 });
  const [word] = await readWords(texts, of, { quality: "best" });
  assert.deepEqual([word?.text, word?.uncertain, word?.alternative], ["ab", true, "a8"]);
});

test("a number that neither is sure of is uncertain though they agree", async () => {
  const [word] = await readWords([number], networks({ probability: 0.7 }, { probability: 0.7 }));
  assert.deepEqual([word?.text, word?.uncertain, word?.alternative], ["13.4", true, undefined]);
});

test("a word that only one of them read is as sure as its characters", async () => {
  const [sure] = await readWords([{ ...number, text: "abab" }], networks());
  assert.deepEqual([sure?.text, sure?.uncertain], ["abab", false]);
  const [unsure] = await readWords([{ ...number, text: "ababa" }], networks({ probability: 0.5 }), {
    quality: "fast",
  });
  assert.deepEqual([unsure?.text, unsure?.uncertain], ["ababa", true]);
});

test("words are where they are on the page, in reading order, line by line", async () => {
  const words = await readWords(
    [
      { text: "12 ba", x: 100, y: 300 },
      { text: "ab 34", x: 100, y: 100 },
    ],
    networks(),
  );
  assert.deepEqual(
    words.map(({ text, line }) => [text, line]),
    [
      ["ab", 0],
      ["34", 0],
      ["12", 1],
      ["ba", 1],
    ],
  );
  // "34" begins behind two characters and a blank.
  const { box } = words[1] as (typeof words)[number];
  assert.ok(Math.abs(box.x - 260) <= 4 && Math.abs(box.width - 80) <= 8, JSON.stringify(box));
  assert.ok(Math.abs(box.y - 100) <= 4 && Math.abs(box.height - 40) <= 8, JSON.stringify(box));
});

test("a date that its cell wraps is one word, around both of its parts", async () => {
  const texts = [
    { text: "04/01", x: 100, y: 100 },
    { text: "/2026", x: 100, y: 170 },
  ];
  const [word, ...others] = await readWords(texts, networks({}, { instead: { 6: "8" }, probability: 0.9 }));
  assert.deepEqual(others, []);
  assert.ok(word);
  assert.deepEqual([word.text, word.uncertain, word.alternative], ["04/01/2026", true, "04/01/2028"]);
  const { y, height: boxHeight } = word.box;
  assert.ok(y < 110 && y + boxHeight > 200, JSON.stringify(word.box));
});

test("an empty page has no words", async () => {
  const { words, orientation } = await readRaster(page([]), networks(), uncalibrated, options);
  assert.deepEqual([words, orientation], [[], 0]);
});
