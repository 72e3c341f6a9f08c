import assert from "node:assert/strict";
import { test } from "node:test";
import { pagesInRange, parsePageRange } from "./pageRange.ts";

test("single pages, ranges and open ends", () => {
  assert.deepEqual(pagesInRange(parsePageRange("1-3,7"), 10), [1, 2, 3, 7]);
  assert.deepEqual(pagesInRange(parsePageRange("8-, 2"), 10), [8, 9, 10, 2]);
});

test("a page past the end stays in, to be refused by name", () => {
  assert.deepEqual(pagesInRange(parsePageRange("12"), 10), [12]);
  assert.deepEqual(pagesInRange(parsePageRange("12-"), 10), [12]);
});

test("anything else is said to be no range", () => {
  for (const text of ["", "0", "3-1", "a", "1,,2", "-3", "1.5"])
    assert.throws(() => parsePageRange(text), /no page or range/);
});
