import assert from "node:assert/strict";
import { test } from "node:test";
import { isMark, isNoise, needsSecondReading } from "./numbers.ts";
import type { LineWord } from "./words.ts";

function word(text: string, probability = 0.99): LineWord {
  const characters = [...text].map((each, index) => ({ text: each, probability, column: index * 16 }));
  return { characters, columns: { start: 0, end: text.length * 16 } };
}

test("every number is read twice at every quality, and what may be one", () => {
  for (const quality of ["fast", "balanced", "best"] as const)
    for (const text of ["13.4", "12mg", "O", "l.", "SO", "B"])
      assert.ok(needsSecondReading(word(text), quality), `${text} at ${quality}`);
});

test("words without digits are read twice where they are unsure, or all of them", () => {
  const readTwice = (probability: number) =>
    (["fast", "balanced", "best"] as const).map((quality) =>
      needsSecondReading(word("Iron", probability), quality),
    );
  assert.deepEqual(readTwice(0.99), [false, false, true]);
  assert.deepEqual(readTwice(0.6), [false, true, true]);
});

test("a few improbable characters are noise; more of them, or digits, are kept", () => {
  const noise = (text: string, probability: number) => isNoise(word(text, probability).characters);
  assert.deepEqual([noise("ab", 0.7), noise("ab", 0.8), noise("abcde", 0.3)], [true, false, false]);
  assert.deepEqual([noise("7", 0.7), noise("7", 0.5)], [false, true]);
  assert.deepEqual([noise("--", 0.85), noise("--", 0.95)], [true, false]);
  assert.ok(isNoise([]));
});

test("an improbable mark is a speck", () => {
  assert.ok(isMark(word("—", 0.4).characters));
  assert.ok(!isMark(word("—", 0.6).characters));
  assert.ok(!isMark(word("7", 0.1).characters));
});

test("a row of one mark or stroke is a ruling line, rows of digits and of X are not", () => {
  const noise = (text: string) => isNoise(word(text).characters);
  assert.deepEqual(["………………………", "mmmmmmmmmnm", "---------"].map(noise), [true, true, true]);
  assert.deepEqual(["00000000", "XXXXXXXXX", "minimum mm"].map(noise), [false, false, false]);
});
