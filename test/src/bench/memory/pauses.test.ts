import assert from "node:assert/strict";
import { test } from "node:test";
import { recyclePause } from "./pauses.ts";

const at = (seconds: number) => new Date(1_000_000 + seconds * 1000);
const saved = (...seconds: number[]) => seconds.map(at);

test("the pause is the gap that a replacement fell into, beside the document's usual one", () => {
  const pages = [saved(0, 1, 2, 5, 6), saved(0, 2, 4, 5.5)];
  assert.deepEqual(recyclePause(pages, [at(3)]), { longestSeconds: 3, longestBeyondUsualSeconds: 2 });
});

test("a long gap without a replacement is no pause", () => {
  assert.deepEqual(recyclePause([saved(0, 1, 9, 10, 11)], [at(9.5)]), {
    longestSeconds: 1,
    longestBeyondUsualSeconds: 0,
  });
});

test("where no replacement fell between two pages there is nothing to tell", () => {
  assert.equal(recyclePause([saved(0, 1), saved(7)], [at(5)]), null);
  assert.equal(recyclePause([], []), null);
});
