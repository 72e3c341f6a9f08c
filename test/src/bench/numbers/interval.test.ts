import assert from "node:assert/strict";
import { test } from "node:test";
import { shareInterval } from "./interval.ts";

const rounded = ([low, high]: readonly [number, number]) => [low.toFixed(4), high.toFixed(4)];

test("intervals as tables of Wilson's have them", () => {
  assert.deepEqual(rounded(shareInterval(0, 10)), ["0.0000", "0.2775"]);
  assert.deepEqual(rounded(shareInterval(5, 10)), ["0.2366", "0.7634"]);
  assert.deepEqual(rounded(shareInterval(10, 10)), ["0.7225", "1.0000"]);
});

test("of nothing, nothing is known", () => {
  assert.deepEqual(shareInterval(0, 0), [0, 1]);
});
