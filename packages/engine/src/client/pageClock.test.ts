import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, type PageStage, type Timed } from "./pageClock.ts";

/** What a second adds to the time of pages in these stages. */
function secondOf(...stages: PageStage[]): number[] {
  const pages: Timed[] = stages.map((stage) => ({ stage, elapsedMs: 0 }));
  advance(pages, 1_000, 60_000);
  return pages.map(({ elapsedMs }) => elapsedMs / 1_000);
}

test("the time of a page that waits for another stands still", () => {
  assert.deepEqual(secondOf("waiting", "rendering", "waiting"), [0, 1, 0]);
  assert.deepEqual(secondOf("waiting", "recognising", "recognising"), [0, 1, 1]);
});

test("while one page renders, the time of no other runs", () => {
  assert.deepEqual(secondOf("recognising", "rendering", "sent"), [0, 1, 0]);
});

test("of the pages that the engine has not reacted to, the time of the first runs", () => {
  assert.deepEqual(secondOf("recognising", "sent", "sent"), [1, 1, 0]);
});

test("where all pages wait, none of them is to blame", () => {
  assert.deepEqual(secondOf("waiting", "waiting"), [0, 0]);
});

test("what has used up its time is returned; a tick in which this process was suspended does not count in full", () => {
  const page: Timed = { stage: "recognising", elapsedMs: 0 };
  assert.equal(advance([page], 3_600_000, 5_000), undefined);
  assert.equal(advance([page], 2_000, 5_000), undefined);
  assert.equal(advance([page], 2_000, 5_000), page);
});
