import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { totalmem } from "node:os";
import { test } from "node:test";
import { availableResources, memoryBudgetBytes } from "./budget.ts";
import { processTree, processTreeBytes } from "./processTree.ts";

const megabyte = 1_000_000;

test("the budget is the lower of the given limit and what there is", () => {
  assert.equal(memoryBudgetBytes(64 * megabyte), 64 * megabyte);
  assert.ok(memoryBudgetBytes(null) <= totalmem());
});

test("there is some of a processor", () => {
  assert.ok(availableResources(null).processors > 0);
});

test("the tree holds a process and its descendants, and their memory together", async () => {
  const heldBytes = 150 * megabyte;
  const before = processTreeBytes(process.pid);
  const child = fork(new URL("./testing/holdMemory.js", import.meta.url), [String(heldBytes)]);
  try {
    await once(child, "message");
    assert.ok(processTree(process.pid).includes(child.pid as number));
    const gained = processTreeBytes(process.pid) - before;
    assert.ok(gained > heldBytes * 0.9, `${gained} bytes more`);
  } finally {
    child.kill("SIGKILL");
  }
});
