import assert from "node:assert/strict";
import { test } from "node:test";
import { samplePage } from "../testing/samples.ts";
import { withPage } from "./pageCache.ts";

test("a page takes its place among those that are there, once", () => {
  const numbers = (pages: readonly { pageNumber: number }[]) => pages.map(({ pageNumber }) => pageNumber);
  const pages = [samplePage(1), samplePage(3)];
  assert.deepEqual(numbers(withPage(pages, samplePage(2))), [1, 2, 3]);
  assert.deepEqual(numbers(withPage(pages, samplePage(4))), [1, 3, 4]);
  const changed = withPage(pages, samplePage(3, { outcome: "failed" }));
  assert.deepEqual(numbers(changed), [1, 3]);
  assert.equal(changed[1]?.outcome, "failed");
});
