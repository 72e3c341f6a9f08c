import assert from "node:assert/strict";
import { test } from "node:test";
import { noCounts as none, ratesOf } from "./rates.ts";

test("there is no rate before the first document, and a hand-back is none", () => {
  const unknown = { success: null, failure: null, retry: null, stall: null };
  assert.deepEqual(ratesOf(none), unknown);
  assert.deepEqual(ratesOf({ ...none, pages: 12, handedBack: 9 }), unknown);
});

test("success and failure are of the documents that ended, retry and stall of all claims settled", () => {
  assert.deepEqual(ratesOf({ ...none, completed: 90, partial: 7, failed: 3, retried: 15, stalled: 10 }), {
    success: 0.97,
    failure: 0.03,
    retry: 0.2,
    stall: 0.08,
  });
  assert.deepEqual(ratesOf({ ...none, retried: 1 }), { success: null, failure: null, retry: 1, stall: 0 });
});
