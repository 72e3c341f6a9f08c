import assert from "node:assert/strict";
import { test } from "node:test";
import { alignWords } from "./alignWords.ts";

const read = (text: string) => text.split(" ").map((word) => ({ text: word }));

test("words in the truth's order, whatever their case", () => {
  assert.deepEqual(alignWords("The quick brown fox", read("the quik brown fox jumps")), [
    true,
    false,
    true,
    true,
    false,
  ]);
});

test("a table read column by column is right", () => {
  assert.deepEqual(alignWords("a 1\nb 2\nc 3", read("a b c 1 2 3")), Array(6).fill(true));
});

test("a word counts as often as the truth has it, and the one among its neighbours is right", () => {
  assert.deepEqual(alignWords("x dose 5 mg y", read("x 5 z dose 5 mg y")), [
    true,
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
});

test("equal words out of order: equal neighbours decide", () => {
  const words = read("p q r s t u one 7 two 9 7 8");
  const right = alignWords("one 7 two p q r s t u", words);
  assert.deepEqual(right.slice(6), [true, true, true, false, false, false]);
});

test("a word wrapped in a cell is right; one that is split in its line, or lost a character, is not", () => {
  assert.deepEqual(alignWords("04/01/2026 mg daily", read("04/01 mg /2026 daily")), Array(4).fill(true));
  assert.deepEqual(alignWords("04/01/2026 mg", read("04/01 mg 2026")), [false, true, false]);
  const lines = (first: number, second: number) =>
    alignWords("500", [
      { text: "5", line: first, block: 0 },
      { text: "00", line: second, block: 0 },
    ]);
  assert.deepEqual(lines(0, 1), [true, true]);
  assert.deepEqual(lines(1, 1), [false, false]);
});

test("a header that the truth has once is right on every page, and a single word too often is not", () => {
  const header = "Page of General Hospital";
  assert.deepEqual(
    alignWords(`${header} one two`, read(`${header} one ${header} two`)),
    Array(10).fill(true),
  );
  assert.deepEqual(alignWords("one two", read("one two two")).filter(Boolean).length, 2);
});

test("nothing read, and nothing to read", () => {
  assert.deepEqual(alignWords("a b", []), []);
  assert.deepEqual(alignWords("", read("a")), [false]);
});
