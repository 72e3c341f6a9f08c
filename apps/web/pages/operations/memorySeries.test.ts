import assert from "node:assert/strict";
import { test } from "node:test";
import { figureWords } from "./figureWords.ts";
import { memorySeries } from "./memorySeries.ts";

const sample = (seconds: number, usedBytes: number) => ({
  at: new Date(seconds * 1_000).toISOString(),
  usedBytes,
  budgetBytes: 100,
});

test("workers share one axis of time; a line goes on where only another has a sample, and breaks at a gap", () => {
  const series = memorySeries({
    intervalSeconds: 60,
    workers: [
      { id: "a", samples: [sample(0, 10), sample(60, 20), sample(600, 30)] },
      { id: "b", samples: [sample(30, 50)] },
      { id: "none", samples: [] },
    ],
  });
  assert.deepEqual(series.labels, ["a", "b"]);
  assert.deepEqual(series.times, [0, 30, 60, 120, 600]);
  assert.deepEqual(series.shares[0], [0.1, undefined, 0.2, null, 0.3]);
  assert.deepEqual(series.shares[1], [undefined, 0.5, undefined, undefined, undefined]);
});

test("figures are told with their units", () => {
  assert.equal(
    figureWords({ usedBytes: 300 * 1_048_576, uptimeSeconds: 3_700, pid: 29_537, level: "high", none: null }),
    "used 300\u00a0MiB, uptime 1h 1m, pid 29537, level high",
  );
});
