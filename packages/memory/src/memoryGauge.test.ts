import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { cgroupMemoryLimit } from "./cgroup.ts";
import { MemoryGauge } from "./memoryGauge.ts";
import { processTreeBytes } from "./processTree.ts";
import type { GaugeReport } from "./testing/gaugeReport.ts";
import { reportHere, reportInCgroups, reportInContainerOf } from "./testing/runGaugeReport.ts";

const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;
/** What node itself may take or give back between two readings. */
const noiseBytes = 6 * megabyte;

function assertCountsMemoryOnly({ before, withMemory, withFile, heldBytes }: GaugeReport): void {
  const gained = withMemory.usedBytes - before.usedBytes;
  assert.ok(Math.abs(gained - heldBytes) < noiseBytes, `${gained} bytes more of ${heldBytes} touched`);
  const cached = withFile.usedBytes - withMemory.usedBytes;
  assert.ok(Math.abs(cached) < noiseBytes, `${cached} bytes more for what is in the page cache`);
  for (const { usedBytes, limitBytes, share } of [before, withMemory, withFile])
    assert.equal(share, usedBytes / limitBytes);
}

/** Null where this system or our rights do not allow it: then the test says so. */
function reportOrSkip(context: TestContext, report: () => GaugeReport): GaugeReport | null {
  try {
    return report();
  } catch (error) {
    context.skip(`not possible here: ${(error as Error).message.split("\n")[0]}`);
    return null;
  }
}

test("in a limited cgroup v1: its limit, its memory without the page cache, its share of the processors", (t) => {
  const limitBytes = 256 * mebibyte;
  const report = reportOrSkip(t, () =>
    reportInCgroups({
      memory: { "memory.limit_in_bytes": limitBytes },
      cpu: { "cpu.cfs_period_us": 100_000, "cpu.cfs_quota_us": 50_000 },
    }),
  );
  if (!report) return;
  assert.deepEqual(report.resources, { budgetBytes: limitBytes, processors: 0.5 });
  assert.equal(report.before.source, "cgroup v1");
  assert.equal(report.before.limitBytes, limitBytes);
  // Bare node: some 10 MB of memory of its own, none of its code.
  assert.ok(report.before.usedBytes > 4 * megabyte && report.before.usedBytes < 40 * megabyte);
  assertCountsMemoryOnly(report);
});

test("in a container with cgroup v2: the mount is the cgroup", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "quire-cgroup-"));
  try {
    const files = {
      "cgroup.procs": "",
      "memory.max": "536870912\n",
      "memory.stat":
        "anon 104857600\nfile 70000000\nkernel 9437184\nshmem 0\nslab_reclaimable 5242880\nsock 0\n",
      "cpu.max": "150000 100000\n",
    };
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    const report = reportOrSkip(t, () => reportInContainerOf(folder));
    if (!report) return;
    assert.equal(report.resources.budgetBytes, 536_870_912);
    assert.ok(report.resources.processors <= 1.5);
    const usedBytes = 104_857_600 + 9_437_184 - 5_242_880;
    assert.deepEqual(report.before, {
      usedBytes,
      limitBytes: 536_870_912,
      share: usedBytes / 536_870_912,
      source: "cgroup v2",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("without a limit: the processes, beside the machine's memory", (t) => {
  if (cgroupMemoryLimit()) return t.skip("this process is in a limited cgroup");
  if (process.platform !== "linux") return t.skip("elsewhere resident sizes are all there is");
  const report = reportHere();
  assert.equal(report.before.source, "processes");
  assert.equal(report.before.limitBytes, totalmem());
  assertCountsMemoryOnly(report);
});

test("a limit of one's own holds for the process and its descendants", async () => {
  // Exceeded by node itself, so that no cgroup around us is nearer to its limit.
  const limitBytes = 4 * mebibyte;
  const gauge = new MemoryGauge(limitBytes);
  const before = gauge.read();
  assert.equal(before.source, "processes");
  assert.equal(before.limitBytes, limitBytes);
  assert.ok(Math.abs(before.usedBytes - processTreeBytes(process.pid)) < noiseBytes);
  const heldBytes = 150 * megabyte;
  const child = fork(new URL("./testing/holdMemory.js", import.meta.url), [String(heldBytes)]);
  try {
    await once(child, "message");
    const gained = gauge.read().usedBytes - before.usedBytes;
    assert.ok(gained > heldBytes * 0.95 && gained < heldBytes + 80 * megabyte, `${gained} bytes more`);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  const after = gauge.read().usedBytes;
  assert.ok(after - before.usedBytes < 30 * megabyte, "what a dead process had is not counted any more");
});

test("a limit above what there is does not raise it", () => {
  const { limitBytes } = new MemoryGauge(Number.MAX_SAFE_INTEGER).read();
  assert.equal(limitBytes, cgroupMemoryLimit()?.limitBytes ?? totalmem());
});
