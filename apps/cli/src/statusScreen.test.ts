import assert from "node:assert/strict";
import { test } from "node:test";
import type { FullStatus } from "./askWorker.ts";
import { meter } from "./meter.ts";
import { statusScreen } from "./statusScreen.ts";

const at = "2026-11-21T12:00:00.000Z";
const url = new URL("http://127.0.0.1:10000");
const heap = { usedBytes: 1, totalBytes: 1, limitBytes: 1, externalBytes: 0, arrayBuffersBytes: 0 };

/** As busy and as troubled as a worker can be. */
const crowded: FullStatus = {
  status: "broken",
  healthy: false,
  ready: false,
  reasons: [
    { code: "claiming_stuck", message: "One round of claiming has lasted 412 s; the bound is 300 s." },
    { code: "memory_pressure", message: "Memory is high at 87.0 % of its limit: no new documents." },
  ],
  at,
  workerId: null,
  version: "0.1.0",
  startedAt: at,
  uptimeSeconds: 0,
  memory: {
    level: "high",
    since: at,
    percent: 87,
    usedBytes: 87,
    limitBytes: 100,
    source: "processes",
    sampledAt: at,
    engineKilledAt: null,
  },
  heap: { worker: heap, engine: null },
  engine: {
    state: "off",
    cannotStart: false,
    reader: null,
    configuredThreads: 2,
    residentBytes: null,
    pagesRead: null,
    threads: [],
    recycled: 9,
    recycles: { high: 9 },
  },
  documents: Array.from({ length: 15 }, (_, index) => ({
    id: `0000000${index}-0000-4000-8000-000000000000`,
    lane: "small" as const,
    claim: 1,
    pagesDone: index,
    pageCount: 20,
  })),
  concurrency: { inForce: 15, configured: 15 },
  rates: { success: null, failure: null, retry: null, stall: null },
  counts: {
    pages: 0,
    completed: 0,
    partial: 0,
    refused: 0,
    failed: 0,
    retried: 0,
    stalled: 0,
    handedBack: 0,
  },
  restart: { jobsLeft: 1, hoursLeft: 0.5 },
  database: { reachedAt: at, awaySince: null },
  claiming: { roundSince: at, lastRoundAt: null, everySeconds: 5 },
  events: Array.from({ length: 20 }, () => ({ at, event: "engine_recycled" as const, reason: "high" })),
};

const shown = (columns: number, rows: number, report: FullStatus = crowded) =>
  statusScreen(report, url, { columns, rows }).split("\n");

test("a screen is never overrun, and keeps the newest events in sight", () => {
  for (const [columns, rows] of [
    [80, 23],
    [120, 39],
    [80, 60],
    [40, 12],
    [12, 1],
  ] as const) {
    const lines = shown(columns, rows);
    assert.ok(lines.length <= rows, `${lines.length} lines in ${rows}`);
    for (const line of lines) assert.ok(line.length <= columns, `${columns}: ${line}`);
  }
  for (const rows of [23, 39, 60]) {
    const events = shown(80, rows).filter((line) => line.includes("engine_recycled"));
    assert.ok(events.length >= 3, `${events.length} events in ${rows} rows`);
  }
  assert.ok(shown(80, 23).some((line) => /and 1[34] more/.test(line)));
});

test("what a worker says cannot command the terminal", () => {
  const version = "0.1.0\u001b[2J\u0007";
  // The first line has our own colours.
  const [, ...lines] = shown(80, 60, { ...crowded, version });
  for (const line of lines) assert.doesNotMatch(line, /\p{Cc}/u);
  assert.match(lines.join("\n"), /0\.1\.0\?\[2J\?/);
});

test("a bar is as wide as asked, whatever its share, and shows the marks ahead", () => {
  for (const share of [-1, 0, 0.5, 1, 1.4]) assert.equal(meter(share, 22, [0.7]).length, 22);
  assert.equal(meter(0.5, 12, [0.2, 0.8]), "[█████···|·]");
  assert.equal(meter(1.4, 6, [0.8]), "[████]");
});
