import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineInk } from "./ink.ts";
import { lineHeight } from "./lineImage.ts";
import type { LineReading } from "./recognise.ts";
import { splitWords } from "./words.ts";

/** Width of each letter's ink, in columns. */
const letterWidth = 16;
const firstColumn = 16;

/**
 * A line as it was read: characters with so many blank columns behind each, and how probable a space is there. Without
 * a number of its own a character has 3 columns and no space behind it.
 */
function line(parts: readonly (string | readonly [text: string, gap: number, space?: number])[]) {
  const read = parts.flatMap((part) => {
    const [text, gap, space = 0] = typeof part === "string" ? [part, 3] : part;
    return [...text].map((each, index, all) =>
      index < all.length - 1 ? { text: each, gap: 3, space: 0 } : { text: each, gap, space },
    );
  });
  const width = firstColumn + read.reduce((sum, { gap }) => sum + letterWidth + gap, 0) + 16;
  const columns = new Uint8Array(width);
  const spaces = new Float32Array(Math.ceil(width / 8));
  let at = firstColumn;
  const characters = read.map(({ text, gap, space }) => {
    columns.fill(20, at, at + letterWidth);
    // The recogniser has a character a little behind its beginning.
    const column = at + 6;
    if (space > 0) spaces[Math.floor((at + letterWidth + gap / 2) / 8)] = space;
    at += letterWidth + gap;
    return { text, probability: 0.99, column };
  });
  const ink: LineInk = { columns, pixels: new Uint8Array(width * lineHeight) };
  const reading: LineReading = { characters, spaces };
  return splitWords(reading, ink);
}

const texts = (words: ReturnType<typeof splitWords>) =>
  words.map(({ characters }) => characters.map(({ text }) => text).join("")).join(" ");

test("words part where the recogniser sees a space, or where the gap is wide", () => {
  assert.equal(texts(line([["ab", 9, 0.95], "ba"])), "ab ba");
  assert.equal(texts(line([["ab", 6, 0], "ba"])), "abba");
  assert.equal(texts(line([["ab", 24, 0], "ba"])), "ab ba", "a wide gap, which the recogniser missed");
  assert.equal(texts(line([["ab", 4, 0.3], "ba"])), "abba", "a hint of a space in a narrow gap");
  assert.deepEqual(line([]), []);
});

test("a word takes the columns of its ink", () => {
  const words = line([["ab", 20, 0.9], "b"]);
  assert.deepEqual(
    words.map(({ columns }) => columns),
    [
      { start: 16, end: 51 },
      { start: 71, end: 87 },
    ],
  );
});

test("letterspaced words stay whole: a gap must be wider than usual in its line", () => {
  const spaced = (text: string) => [...text].map((each) => [each, 19] as const);
  assert.equal(texts(line(spaced("abab"))).replaceAll(" ", ""), "abab");
});

test("an empty check box has a blank in it, a bracketed letter none", () => {
  assert.equal(texts(line([["[", 20], "]"])), "[ ]");
  assert.equal(texts(line([["[", 5], ["a", 5], "]"])), "[a]");
});

test("punctuation stands by its word, unless it is clearly apart", () => {
  assert.equal(texts(line([["ab", 10, 0.3], [".", 12, 0.9], "ba"])), "ab. ba");
  assert.equal(texts(line([["(", 10, 0.2], "ab", ")"])), "(ab)");
  assert.equal(texts(line([["ab", 30], [":", 12, 0.9], "ba"])), "ab : ba");
});

test("a dash with room on both sides is a range of numbers; within a telephone number it is none", () => {
  assert.equal(texts(line([["4.5", 10, 0.1], ["-", 10, 0.1], "11.0"])), "4.5 - 11.0");
  assert.equal(texts(line([["4.5", 10, 0], ["-", 10, 0], "11.0"])), "4.5 - 11.0", "by the gaps alone");
  assert.equal(texts(line([["890", 5], ["-", 5], "1234"])), "890-1234");
  assert.equal(texts(line([["890", 9, 0.01], ["-", 4, 0.01], "1234"])), "890-1234", "room on one side only");
});

test("a time stays whole though its colon stands apart", () => {
  assert.equal(texts(line([["11", 3], [":", 14, 0.1], "15"])), "11:15");
  assert.equal(texts(line([["11", 3], [":", 14, 0.9], "15"])), "11: 15");
});
