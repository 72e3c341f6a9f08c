import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "@quire/core";
import { concurrencyOf } from "./concurrency.ts";
import { LanePrecedence } from "./lanePrecedence.ts";

const none = { small: 0, medium: 0, large: 0 };

function precedence(env: Record<string, string>, bearable = 100): LanePrecedence {
  return new LanePrecedence(concurrencyOf(loadConfig(env).worker, bearable));
}

test("what memory bears lowers the defaults, but a small document always finds its place beside a large one", () => {
  const { worker } = loadConfig({});
  assert.deepEqual(concurrencyOf(worker, 100), { total: 5, lanes: { small: 5, medium: 5, large: 1 } });
  assert.deepEqual(concurrencyOf(worker, 3), { total: 3, lanes: { small: 3, medium: 3, large: 1 } });
  assert.deepEqual(concurrencyOf(worker, 0), { total: 2, lanes: { small: 2, medium: 2, large: 1 } });
  assert.equal(concurrencyOf(loadConfig({ WORKER_CONCURRENCY: "9" }).worker, 0).total, 9);
});

test("small before medium before large, each within its bound, all within the total", () => {
  const lanes = precedence({ CONCURRENCY_SMALL: "2" });
  assert.deepEqual(lanes.claimable(none), ["small", "medium", "large"]);
  assert.deepEqual(lanes.claimable({ small: 2, medium: 0, large: 0 }), ["medium", "large"]);
  assert.deepEqual(lanes.claimable({ small: 0, medium: 0, large: 1 }), ["small", "medium"]);
  assert.deepEqual(lanes.claimable({ small: 2, medium: 2, large: 1 }), []);
});

test("the larger lanes leave one place to small documents", () => {
  assert.deepEqual(precedence({}).claimable({ small: 0, medium: 3, large: 1 }), ["small"]);
  // With one place in all there is none to leave.
  assert.deepEqual(precedence({ WORKER_CONCURRENCY: "1" }).claimable(none), ["small", "medium", "large"]);
});

test("a large document is not passed by for ever", () => {
  const lanes = precedence({});
  for (let claim = 0; claim < 10; claim++) {
    assert.equal(lanes.claimable(none)[0], "small");
    lanes.claimed("small");
  }
  assert.deepEqual(lanes.claimable(none), ["large", "medium", "small"]);
  lanes.claimed("large");
  assert.equal(lanes.claimable(none)[0], "small");
});

test("a lane of no places is not read here", () => {
  assert.deepEqual(precedence({ CONCURRENCY_LARGE: "0" }).claimable(none), ["small", "medium"]);
});
