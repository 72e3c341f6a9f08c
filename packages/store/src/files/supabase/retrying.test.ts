import assert from "node:assert/strict";
import { test } from "node:test";
import { patience, waitMsAfter } from "./retrying.ts";
import { type FailureKind, StorageFailure } from "./storageFailure.ts";

const failure = (kind: FailureKind, retryAfterMs: number | null = null) =>
  new StorageFailure(kind, undefined, retryAfterMs);
const waits = (attemptsMade: number, retryAfterMs: number | null = null) =>
  Array.from(
    { length: 200 },
    () => waitMsAfter(failure("transient", retryAfterMs), attemptsMade, patience) ?? -1,
  );

test("waits grow, half of each at random, and end with the last attempt", () => {
  for (const [attemptsMade, mostMs] of [
    [1, 250],
    [2, 500],
    [3, 1000],
  ] as const) {
    const drawn = waits(attemptsMade);
    assert.ok(Math.min(...drawn) >= mostMs / 2 && Math.max(...drawn) <= mostMs);
    assert.ok(new Set(drawn).size > 100);
  }
  assert.equal(waitMsAfter(failure("transient"), patience.attempts, patience), null);
});

test("what Storage asks for is the least that is waited, and too long is not waited at all", () => {
  const drawn = waits(1, 5_000);
  assert.ok(Math.min(...drawn) >= 5_000 && Math.max(...drawn) <= 5_125);
  assert.ok(new Set(drawn).size > 100);
  assert.equal(waitMsAfter(failure("transient", patience.mostRetryAfterMs + 1), 1, patience), null);
});

test("what will not pass is not tried again", () => {
  for (const kind of ["missing_file", "refused_key", "quota", "too_large", "exists", "other"] as const)
    assert.equal(waitMsAfter(failure(kind), 1, patience), null);
});
