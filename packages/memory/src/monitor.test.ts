import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryMonitor } from "./monitor.ts";

const limitBytes = 1_000_000;
const kept = 600;

/** A gauge that reads one byte more each time, from 0 on. */
function risingGauge() {
  let usedBytes = 0;
  return {
    read() {
      const reading = { usedBytes, limitBytes, share: usedBytes / limitBytes, source: "processes" as const };
      usedBytes++;
      return reading;
    },
  };
}

const numbersFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => first + index);

test("before the first sample there is nothing, and all is normal", () => {
  const monitor = new MemoryMonitor(risingGauge());
  assert.equal(monitor.latest, null);
  assert.deepEqual(monitor.samples, []);
  assert.equal(monitor.level, "normal");
});

for (const taken of [1, 2, kept - 1, kept, kept + 1, 2 * kept - 1, 2 * kept, 2 * kept + 7]) {
  test(`after ${taken} samples it holds the last ${kept} in their order, and the newest`, () => {
    const monitor = new MemoryMonitor(risingGauge());
    for (let count = 0; count < taken; count++) {
      const sample = monitor.sample();
      assert.equal(monitor.latest, sample);
    }
    const held = Math.min(taken, kept);
    assert.deepEqual(
      monitor.samples.map(({ usedBytes }) => usedBytes),
      numbersFrom(taken - held, held),
    );
    assert.equal(monitor.latest?.usedBytes, taken - 1);
  });
}

test("a sample carries its level, which knows the one before", () => {
  const shares = [0.5, 0.71, 0.66, 0.96, 0.91, 0.64];
  let next = 0;
  const monitor = new MemoryMonitor({
    read() {
      const share = shares[next++] ?? 0;
      return { usedBytes: share * limitBytes, limitBytes, share, source: "cgroup v2" };
    },
  });
  const levels = shares.map(() => monitor.sample().level);
  assert.deepEqual(levels, ["normal", "elevated", "elevated", "critical", "critical", "normal"]);
  assert.equal(monitor.level, "normal");
});

test("samples are told as they were: a list given out does not change", () => {
  const monitor = new MemoryMonitor(risingGauge());
  monitor.sample();
  const before = monitor.samples;
  monitor.sample();
  assert.equal(before.length, 1);
});
