import assert from "node:assert/strict";
import { test } from "node:test";
import { PageGrowth } from "./pageGrowth.ts";

const heap = { heapUsed: 0, heapTotal: 0, heapLimit: 0, external: 0, arrayBuffers: 0 };

function grown(warmUpPages: number, rss: readonly number[]): number {
  const growth = new PageGrowth(warmUpPages);
  for (const [index, bytes] of rss.entries())
    growth.note({ rss: bytes, heap, threads: [], pagesBegun: index + 1, pagesRead: 0 });
  return growth.bytesPerPage;
}

test("what each page leaves behind is the mean of the newest", () => {
  assert.equal(grown(0, [100, 150, 200]), 50);
  assert.equal(grown(0, [0, 0, 0, 0, 100, 110, 120, 130, 140, 150, 160, 170]), 10);
});

test("nothing is known of one page, and the first ones start the threads", () => {
  assert.equal(grown(0, [100]), 0);
  assert.equal(grown(2, [100, 900, 1_000]), 0);
  assert.equal(grown(2, [100, 900, 1_000, 1_005]), 5);
});

test("an engine that gives memory back does not grow", () => {
  assert.equal(grown(0, [300, 200, 250]), 0);
});
