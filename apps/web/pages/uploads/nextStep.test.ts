import assert from "node:assert/strict";
import { test } from "node:test";
import { noConnection, toProblem } from "../api/problem.ts";
import { nextStep } from "./nextStep.ts";

const problem = (status: number, retryAfter: string | null = null) =>
  toProblem(status, JSON.stringify({ code: "internal_error", detail: "words", retryable: true }), retryAfter);

test("a connection is waited for without end, longer each time", () => {
  assert.deepEqual(nextStep(noConnection(), 1, 0, true), { kind: "again", delayMs: 1_000 });
  assert.deepEqual(nextStep(noConnection(), 500, 0, true), { kind: "again", delayMs: 30_000 });
  // What a proxy says for a server that is away.
  assert.equal(nextStep(toProblem(502, "<html>", null), 50, 0, true).kind, "again");
});

test("a queue that is full is waited for as long as the server says, also where the answer has no body", () => {
  assert.deepEqual(nextStep(problem(429, "60"), 1, 0, true), { kind: "heldUp", delayMs: 60_000 });
  const ofHead = toProblem(429, "", "5");
  assert.deepEqual(nextStep(ofHead, 30, 0, true), { kind: "heldUp", delayMs: 5_000 });
  assert.match(ofHead.message, /waiting/);
});

test("an upload that the server no longer has is begun anew, a few times", () => {
  assert.deepEqual(nextStep(problem(404), 1, 0, true), { kind: "afresh" });
  assert.deepEqual(nextStep(problem(410), 1, 0, true), { kind: "afresh" });
  assert.deepEqual(nextStep(problem(404), 1, 3, true), { kind: "giveUp" });
  assert.deepEqual(nextStep(problem(404), 1, 0, false), { kind: "giveUp" });
});

test("faults of the server are tried again for a while, refusals are not", () => {
  assert.deepEqual(nextStep(problem(503, "10"), 1, 0, true), { kind: "again", delayMs: 10_000 });
  assert.equal(nextStep(problem(423), 1, 0, true).kind, "again");
  assert.equal(nextStep(problem(409), 2, 0, true).kind, "again");
  assert.equal(nextStep(problem(500), 10, 0, true).kind, "giveUp");
  assert.equal(nextStep(problem(413), 1, 0, true).kind, "giveUp");
});
