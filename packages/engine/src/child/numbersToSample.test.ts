import assert from "node:assert/strict";
import { test } from "node:test";
import { numbersToSample } from "./numbersToSample.ts";

test("the first pages are looked at, and some of the rest, each once and the last among them", () => {
  assert.deepEqual(numbersToSample(1), [1]);
  assert.deepEqual(numbersToSample(7), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(numbersToSample(105), [1, 2, 3, 4, 5, 25, 45, 65, 85, 105]);
  for (let pages = 1; pages < 40; pages++) {
    const numbers = numbersToSample(pages);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok(numbers.every((number) => number >= 1 && number <= pages));
  }
});
