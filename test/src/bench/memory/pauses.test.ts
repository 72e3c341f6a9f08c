import assert from "node:assert/strict";
import { test } from "node:test";
import { recyclePause } from "./pauses.ts";

const at = (seconds: number) => new Date(1_000_000 + seconds * 1000);
const saved = (...seconds: number[]) => seconds.map(at);

test("the pause is the time between two pages that a replacement fell into", () => {
  const pages = [saved(0, 1, 2, 5, 6, 8), saved(0, 2, 4, 5.5)];
  assert.deepEqual(recyclePause(pages, [at(3)]), { longestSeconds: 3, longestElsewhereSeconds: 2 });
});

test("or the next one, when the pages under way were finished first", () => {
  const pages = [saved(0, 2, 4, 9, 11)];
  assert.deepEqual(recyclePause(pages, [at(3)]), { longestSeconds: 5, longestElsewhereSeconds: 2 });
});

test("a long time without a replacement is no pause", () => {
  const pause = recyclePause([saved(0, 1, 9, 10, 11)], [at(9.5)]);
  assert.deepEqual(pause, { longestSeconds: 1, longestElsewhereSeconds: 8 });
});

test("where no replacement fell between two pages there is nothing to tell", () => {
  assert.equal(recyclePause([saved(0, 1), saved(7)], [at(5)]), null);
  assert.equal(recyclePause([], []), null);
  const always = recyclePause([saved(0, 1)], [at(0.5)]);
  assert.deepEqual(always, { longestSeconds: 1, longestElsewhereSeconds: null });
});
