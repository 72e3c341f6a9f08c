import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "@quire/core";
import { RestartPlan } from "./restartPlan.ts";

const plan = (env: Record<string, string>, random = () => 0.5) =>
  new RestartPlan(loadConfig({ RESTART_MIN_UPTIME_MINUTES: "0", ...env }).restart, random);

test("a worker leaves after its jobs", () => {
  const restart = plan({ RESTART_AFTER_JOBS: "5" });
  assert.equal(restart.due(4), null);
  assert.equal(restart.due(5), "after_jobs");
  assert.deepEqual(restart.left(3).jobsLeft, 2);
  assert.deepEqual(restart.left(9).jobsLeft, 0);
});

test("a worker leaves after its hours", () => {
  // A ten-thousandth of a second.
  const restart = plan({ RESTART_AFTER_HOURS: String(1e-4 / 3600) });
  const later = performance.now() + 1;
  while (performance.now() < later);
  assert.equal(restart.due(0), "after_hours");
});

test("0 turns either off", () => {
  const restart = plan({ RESTART_AFTER_JOBS: "0", RESTART_AFTER_HOURS: "0" });
  assert.equal(restart.due(1_000_000), null);
  assert.deepEqual(restart.left(7), { jobsLeft: null, hoursLeft: null });
});

test("never before its least uptime", () => {
  const restart = plan({ RESTART_AFTER_JOBS: "1", RESTART_MIN_UPTIME_MINUTES: "30" });
  assert.equal(restart.due(50), null);
  assert.equal(restart.mayLeave, false);
});

test("the bounds differ by the jitter, up and down, and are never under one job", () => {
  const jobs = (random: number) =>
    plan({ RESTART_AFTER_JOBS: "100", RESTART_JITTER: "0.1" }, () => random).left(0);
  assert.equal(jobs(0).jobsLeft, 90);
  assert.equal(jobs(1).jobsLeft, 110);
  const least = plan({ RESTART_AFTER_JOBS: "1", RESTART_JITTER: "1" }, () => 0);
  assert.equal(least.left(0).jobsLeft, 1);
});
