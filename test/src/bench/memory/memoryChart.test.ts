import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { drawMemoryChart } from "./memoryChart.ts";
import type { ScenarioRun } from "./scenario.ts";
import { scenarios } from "./scenarios/index.ts";
import { mebibyte, settings } from "./setting.ts";

const startedAt = new Date("2026-01-01T00:00:00Z");
const after = (seconds: number) => new Date(startedAt.getTime() + seconds * 1000);

function ran(index: number, peakMb: number): ScenarioRun {
  const seconds = Array.from({ length: 120 }, (_, second) => ({
    second,
    meanBytes: 0,
    maxBytes: (peakMb * mebibyte * second) / 120,
  }));
  const scenario = scenarios[index];
  assert.ok(scenario);
  return {
    scenario,
    setting: settings.A,
    limitBytes: 512 * mebibyte,
    findings: {},
    confinement: "cgroup v1",
    wallSeconds: 120,
    memory: { startedAt, seconds, peakBytes: peakMb * mebibyte, longestGapMs: 50 },
    health: {
      answers: 0,
      p50Ms: undefined,
      p99Ms: undefined,
      maxMs: undefined,
      longestGapSeconds: 0,
      longestRestartSeconds: 0,
    },
    kernelPeakBytes: null,
    kernelKills: 0,
    restarts: [after(60)],
    unexpectedEnds: 0,
    records: {
      documents: 2,
      statuses: { completed: 2 },
      pages: 154,
      failedPages: 0,
      claimsAboveFirst: 0,
      failures: 0,
      stalls: 0,
      engineEnds: [{ at: after(30), event: "engine_recycled", reason: "max_pages" }],
      pause: null,
    },
  };
}

test("the chart is an image 1200 pixels wide, with a panel for each scenario", async () => {
  const one = drawMemoryChart([ran(0, 300)]);
  const two = drawMemoryChart([ran(0, 300), ran(1, 200)]);
  const [first, second] = await Promise.all([one, two].map((svg) => sharp(Buffer.from(svg)).metadata()));
  assert.deepEqual([first?.format, first?.width, second?.width], ["svg", 1200, 1200]);
  assert.ok((second?.height ?? 0) > (first?.height ?? 0));
});

test("the chart says what it shows: peaks beside the limit, and the watermarks", () => {
  const svg = drawMemoryChart([ran(0, 300)]);
  for (const text of ["154 pages, peak 300 MB (59 %)", "elevated 70 %, 358 MB", "critical 95 %, 486 MB"])
    assert.ok(svg.includes(text), text);
});
