import assert from "node:assert/strict";
import { test } from "node:test";
import { readStoredWords, type StoredWord } from "./storedWords.ts";

const box = { x: 1, y: 2, width: 3, height: 4 };
const word = (text: string, facts: Partial<StoredWord> = {}): StoredWord => {
  return { text, confidence: 90, box, line: 0, block: 0, ...facts };
};
const uncertain = (words: readonly StoredWord[], outcome: "recognized" | "text_layer") =>
  readStoredWords(words, outcome).filter((each) => each.uncertain);

test("numbers that the first reader recognised are uncertain, and nothing else that it read", () => {
  const words = [word("3.5"), word("mg"), word("٣"), word("B12")];
  assert.deepEqual(
    uncertain(words, "recognized").map(({ text }) => text),
    ["3.5", "٣", "B12"],
  );
  assert.deepEqual(uncertain(words, "text_layer"), []);
});

test("what a later reader said of a word is left as it is", () => {
  const words = [word("3.5", { uncertain: false }), word("mg", { uncertain: true, alternative: "rng" })];
  assert.deepEqual(readStoredWords(words, "recognized"), words);
});
