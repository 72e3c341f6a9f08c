import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, roughly } from "./times.ts";

test("a time left is rounded up, and the coarser the longer it is", () => {
  const words = [0, 9, 10, 41, 55, 61, 170, 3_599, 3_601, 7_300].map(roughly);
  assert.deepEqual(words, [
    "a few seconds",
    "a few seconds",
    "about 10 seconds",
    "about 50 seconds",
    "about 1 minute",
    "about 2 minutes",
    "about 3 minutes",
    "about 1 hour",
    "about 1 hour 1 minute",
    "about 2 hours 2 minutes",
  ]);
});

test("says how long ago, also by clocks that differ", () => {
  const now = Date.parse("2026-01-02T10:00:00Z");
  assert.equal(ago("2026-01-02T09:59:48Z", now), "12s ago");
  assert.equal(ago("2026-01-02T09:55:10Z", now), "4m ago");
  assert.equal(ago("2026-01-02T10:00:05Z", now), "now");
});
