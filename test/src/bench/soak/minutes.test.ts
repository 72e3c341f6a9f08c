import assert from "node:assert/strict";
import { test } from "node:test";
import { mebibyte } from "../memory/setting.ts";
import { minuteMeans } from "./minutes.ts";

test("whole minutes after the warm-up, as MB over hours", () => {
  const seconds = Array.from({ length: 290 }, (_, second) => ({
    second,
    // Of each minute the first half is 50 MB above a hundred times its number, the second as much below.
    meanBytes: (100 * Math.floor(second / 60) + (second % 60 < 30 ? 50 : -50)) * mebibyte,
    maxBytes: 0,
  }));
  assert.deepEqual(minuteMeans(seconds, 2), [
    { x: 2.5 / 60, y: 200 },
    { x: 3.5 / 60, y: 300 },
  ]);
});
