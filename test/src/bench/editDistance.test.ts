import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance } from "./editDistance.ts";

test("the edit distance is that of the table filled cell by cell", () => {
  const letters = "abcdé𝒳";
  let seed = 1;
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const randomText = () =>
    Array.from({ length: next(140) }, () => Array.from(letters)[next(1 + next(6))] ?? "a").join("");
  for (let round = 0; round < 500; round++) {
    const [a, b] = [randomText(), randomText()];
    assert.equal(editDistance(a, b), filledTable(a, b), `${a} | ${b}`);
  }
});

test("the edit distance of known pairs", () => {
  assert.equal(editDistance("", ""), 0);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("abc", ""), 3);
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("a".repeat(64), "a".repeat(65)), 1);
});

/** The textbook's way (Wagner and Fischer). */
function filledTable(a: string, b: string): number {
  const [rows, columns] = [Array.from(a), Array.from(b)];
  let above = Array.from({ length: columns.length + 1 }, (_, column) => column);
  for (const [row, character] of rows.entries()) {
    const current = [row + 1];
    for (const [column, other] of columns.entries()) {
      const replaced = (above[column] ?? 0) + (character === other ? 0 : 1);
      current.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
