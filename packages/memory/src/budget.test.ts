import assert from "node:assert/strict";
import { availableParallelism, totalmem } from "node:os";
import { test } from "node:test";
import { availableResources, memoryBudgetBytes } from "./budget.ts";
import { cgroupMemoryLimit } from "./cgroup.ts";

const mebibyte = 1024 * 1024;

test("the budget is the lowest of the given limit, the cgroup's and what there is", () => {
  assert.equal(memoryBudgetBytes(1 * mebibyte), 1 * mebibyte);
  const most = cgroupMemoryLimit()?.limitBytes ?? totalmem();
  assert.equal(memoryBudgetBytes(null), most);
  assert.equal(memoryBudgetBytes(most + 1), most);
  assert.equal(availableResources(1 * mebibyte).budgetBytes, 1 * mebibyte);
});

// A quota is tried in memoryGauge.test.ts, in a cgroup of its own.
test("there is some of a processor, and no more than the affinity mask allows", () => {
  const { processors } = availableResources(null);
  assert.ok(processors > 0 && processors <= availableParallelism());
});
