import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { processTree, processTreeBytes } from "./processTree.ts";
import { ProcessTreeMeter } from "./processTreeMeter.ts";

const megabyte = 1_000_000;
const heldBytes = 150 * megabyte;

/** A process that holds memory, until `work` is done. */
async function beside(work: (pid: number) => void): Promise<void> {
  const child = fork(new URL("./testing/holdMemory.js", import.meta.url), [String(heldBytes)]);
  try {
    await once(child, "message");
    work(child.pid as number);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

test("the tree holds a process and its descendants, and their memory together", async () => {
  const before = processTreeBytes(process.pid);
  await beside((pid) => {
    assert.deepEqual(processTree(process.pid), [process.pid, pid]);
    assert.deepEqual(processTree(pid), [pid]);
    const gained = processTreeBytes(process.pid) - before;
    assert.ok(gained > heldBytes * 0.9, `${gained} bytes more`);
  });
  assert.deepEqual(processTree(process.pid), [process.pid]);
});

test("read again and again, it is the same sum", async () => {
  const meter = new ProcessTreeMeter(process.pid);
  meter.read();
  await beside(() => {
    const [measured, metered, again] = [processTreeBytes(process.pid), meter.read(), meter.read()];
    for (const bytes of [metered, again])
      assert.ok(Math.abs(bytes - measured) < measured * 0.05, `${bytes} bytes instead of ${measured}`);
  });
  const left = processTreeBytes(process.pid);
  assert.ok(Math.abs(meter.read() - left) < left * 0.1);
});

test("a process that is gone weighs nothing", async () => {
  let gone = 0;
  await beside((pid) => {
    gone = pid;
  });
  assert.equal(processTreeBytes(gone), 0);
  assert.equal(new ProcessTreeMeter(gone).read(), 0);
});
