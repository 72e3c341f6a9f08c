import assert from "node:assert/strict";
import { test } from "node:test";
import { HealthAnswers } from "./healthAnswers.ts";

test("a gap reaches from one good answer to the next, and only if there was a bad one between", () => {
  const answers = new HealthAnswers();
  answers.noteBad();
  answers.noteGood(1_000, 1_004);
  answers.noteGood(5_000, 5_010);
  answers.noteBad();
  answers.noteBad();
  answers.noteGood(8_000, 8_010);
  const { longestGapSeconds, longestRestartSeconds, ...latency } = answers.figures(9_000);
  assert.deepEqual([longestGapSeconds, longestRestartSeconds], [3, 0]);
  assert.deepEqual(latency, { answers: 3, p50Ms: 10, p99Ms: 10, maxMs: 10 });
});

test("a gap in which the worker ended is a restart, the next one is a gap again", () => {
  const answers = new HealthAnswers();
  answers.noteGood(0, 0);
  answers.noteBad();
  answers.noteEnd();
  answers.noteBad();
  answers.noteGood(4_000, 4_000);
  answers.noteBad();
  answers.noteGood(5_000, 5_000);
  const { longestGapSeconds, longestRestartSeconds } = answers.figures(5_100);
  assert.deepEqual([longestGapSeconds, longestRestartSeconds], [1, 4]);
});

test("a worker that does not answer at the end has a gap up to there", () => {
  const answers = new HealthAnswers();
  answers.noteGood(0, 0);
  answers.noteBad();
  assert.equal(answers.figures(7_000).longestGapSeconds, 7);
});
