import assert from "node:assert/strict";
import { test } from "node:test";
import { lanes, pageOutcomes } from "@quire/core";
import { memoryLevels } from "@quire/memory";
import { deliveryOutcomes } from "@quire/store";
import { type Bound, boundNames } from "./bounds.ts";
import { engineReplacements, restartReasons } from "./events.ts";
import { documentOutcomes, Metrics } from "./metrics.ts";
import { sampleVitals } from "./testing/sampleVitals.ts";

const now = new Date("2026-11-21T12:00:00Z");
const bounds: readonly Bound[] = [
  { name: "database_connections", used: 2, limit: 5 },
  { name: "spool_bytes", used: 34_000_000, limit: 250_000_000 },
];

interface Series {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly value: number;
}

async function scraped(metrics: Metrics, changed = {}, at = now) {
  const text = await metrics.text(sampleVitals(now, changed), at);
  const lines = text.split("\n").filter((line) => line !== "");
  const series = lines
    .filter((line) => !line.startsWith("#"))
    .map((line): Series => {
      const [, name = "", list = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, label]) => [key, label]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
  const value = (name: string, labels: Record<string, string> = {}) =>
    series.find(
      (one) => one.name === name && Object.entries(labels).every(([key, label]) => one.labels[key] === label),
    )?.value;
  return { lines, series, value };
}

const fresh = () => new Metrics({ bounds: () => bounds });

test("every series is quire's, with HELP and TYPE, and has labels of closed sets only", async () => {
  const metrics = fresh();
  metrics.setQueueDepth(
    {
      small: { waiting: 3, oldestAgeSeconds: 12 },
      medium: { waiting: 0, oldestAgeSeconds: null },
      large: { waiting: 1, oldestAgeSeconds: 700.5 },
    },
    now,
  );
  metrics.setDeliveriesWaiting({ due: 2, later: 0 }, now);
  const { lines, series } = await scraped(metrics);
  const told = (kind: string) =>
    new Set(lines.flatMap((line) => (line.startsWith(`# ${kind} `) ? [line.split(" ")[2]] : [])));
  const closed: Record<string, readonly string[]> = {
    lane: lanes,
    outcome: [...documentOutcomes, ...pageOutcomes, ...deliveryOutcomes],
    when: ["due", "later"],
    reason: [...engineReplacements, ...restartReasons],
    where: ["worker", "engine"],
    level: memoryLevels,
    process: ["worker", "engine"],
    bound: boundNames,
    kind: ["major", "minor", "incremental", "weakcb"],
  };
  for (const { name, labels, value } of series) {
    assert.match(name, /^quire_[a-z0-9_]+$/);
    const family = name.replace(/_(bucket|sum|count)$/, "");
    assert.ok(told("HELP").has(name) || told("HELP").has(family), `HELP of ${name}`);
    assert.ok(told("TYPE").has(name) || told("TYPE").has(family), `TYPE of ${name}`);
    assert.ok(!Number.isNaN(value), name);
    for (const [key, label] of Object.entries(labels)) {
      // Versions have one value in each process, `le` those of the buckets.
      if (["le", "version", "major", "minor", "patch"].includes(key)) continue;
      assert.ok(closed[key]?.includes(label), `${name}{${key}="${label}"}`);
    }
  }
  assert.ok(series.length < 300, `${series.length} series`);
  assert.ok(!series.some(({ name }) => /heap_space|active_/.test(name)));
});

test("what has not happened yet counts 0, so that its rate is known", async () => {
  const { value } = await scraped(fresh());
  for (const lane of lanes) {
    assert.equal(value("quire_documents_claimed_total", { lane }), 0);
    assert.equal(value("quire_document_duration_seconds_count", { lane }), 0);
    for (const outcome of documentOutcomes)
      assert.equal(value("quire_documents_ended_total", { lane, outcome }), 0);
  }
  for (const reason of engineReplacements)
    assert.equal(value("quire_engine_replacements_total", { reason }), 0);
  for (const outcome of deliveryOutcomes)
    assert.equal(value("quire_webhook_deliveries_total", { outcome }), 0);
  for (const reason of restartReasons) assert.equal(value("quire_restarts_total", { reason }), 0);
  for (const outcome of pageOutcomes)
    assert.equal(value("quire_page_duration_seconds_count", { outcome }), 0);
});

test("what is recorded is counted", async () => {
  const metrics = fresh();
  metrics.documentClaimed("small");
  metrics.documentEnded("completed", "small", 12);
  metrics.documentEnded("handed_back", "large", 70);
  metrics.pageRead("recognized", 1.7);
  metrics.collected("engine", 5_000_000);
  metrics.collected("engine", -400);
  metrics.engineReplaced("critical");
  metrics.restarting("after_jobs");
  metrics.delivered("failed");
  const { value } = await scraped(metrics);
  assert.equal(value("quire_documents_claimed_total", { lane: "small" }), 1);
  assert.equal(value("quire_documents_ended_total", { lane: "small", outcome: "completed" }), 1);
  assert.equal(value("quire_documents_ended_total", { lane: "large", outcome: "handed_back" }), 1);
  assert.equal(value("quire_document_duration_seconds_sum", { lane: "small" }), 12);
  assert.equal(value("quire_document_duration_seconds_count", { lane: "large" }), 0);
  assert.equal(value("quire_page_duration_seconds_bucket", { outcome: "recognized", le: "1" }), 0);
  assert.equal(value("quire_page_duration_seconds_bucket", { outcome: "recognized", le: "2" }), 1);
  assert.equal(value("quire_collections_total", { where: "engine" }), 2);
  assert.equal(value("quire_collections_freed_bytes_total", { where: "engine" }), 5_000_000);
  assert.equal(value("quire_engine_replacements_total", { reason: "critical" }), 1);
  assert.equal(value("quire_restarts_total", { reason: "after_jobs" }), 1);
  assert.equal(value("quire_webhook_deliveries_total", { outcome: "failed" }), 1);
});

test("the vitals and bounds of the moment are told", async () => {
  const { value } = await scraped(fresh());
  const mebibyte = 1024 * 1024;
  assert.equal(value("quire_memory_used_bytes"), 314 * mebibyte);
  assert.equal(value("quire_memory_used_ratio"), 314 / 512);
  assert.equal(value("quire_memory_level", { level: "normal" }), 1);
  assert.equal(value("quire_memory_level", { level: "critical" }), 0);
  assert.equal(value("quire_heap_used_bytes", { process: "engine" }), 17 * mebibyte);
  assert.equal(value("quire_ocr_wasm_bytes"), 135 * mebibyte);
  assert.equal(value("quire_ocr_wasm_largest_bytes"), 71 * mebibyte);
  assert.equal(value("quire_documents_open", { lane: "large" }), 1);
  assert.equal(value("quire_documents_open", { lane: "medium" }), 0);
  assert.equal(value("quire_restart_jobs_left"), 43);
  assert.equal(value("quire_restart_left_seconds"), 31_680);
  assert.equal(value("quire_uptime_seconds"), 11_520);
  assert.equal(value("quire_bound_used", { bound: "spool_bytes" }), 34_000_000);
  assert.equal(value("quire_bound_limit", { bound: "spool_bytes" }), 250_000_000);
  assert.equal(value("quire_ready"), 1);
});

test("what does not hold any more is not told", async () => {
  const metrics = fresh();
  await scraped(metrics);
  const { heap } = sampleVitals(now);
  const { value } = await scraped(metrics, {
    heap: { ...heap, engine: null },
    restart: { jobsLeft: null, hoursLeft: null },
    database: { reachedAt: now, awaySince: now },
  });
  assert.equal(value("quire_heap_used_bytes", { process: "engine" }), undefined);
  assert.equal(value("quire_engine_resident_bytes"), 0);
  assert.equal(value("quire_restart_jobs_left"), undefined);
  assert.equal(value("quire_restart_left_seconds"), undefined);
  assert.equal(value("quire_database_up"), 0);
  assert.equal(value("quire_ready"), 0);
  assert.equal(value("quire_healthy"), 1);
});

test("of deliveries that wait nothing is told, either, that nobody looked at of late", async () => {
  const metrics = fresh();
  const due = async (at = now) =>
    (await scraped(metrics, {}, at)).value("quire_webhook_deliveries_waiting", { when: "due" });
  assert.equal(await due(), undefined);
  metrics.setDeliveriesWaiting({ due: 3, later: 7 }, now);
  assert.equal(await due(), 3);
  assert.equal(await due(new Date(now.getTime() + 150_000)), undefined);
  metrics.setDeliveriesWaiting(null, now);
  assert.equal(await due(), undefined);
});

test("of a queue that cannot be seen, or was seen too long ago, nothing is told", async () => {
  const metrics = fresh();
  const lane = { waiting: 4, oldestAgeSeconds: 30 };
  const depth = { small: lane, medium: lane, large: lane };
  const waiting = async (at = now) =>
    (await scraped(metrics, {}, at)).value("quire_queue_documents", { lane: "small" });
  assert.equal(await waiting(), undefined, "not looked at yet");
  metrics.setQueueDepth(depth, now);
  assert.equal(await waiting(), 4);
  metrics.setQueueDepth(null, now);
  assert.equal(await waiting(), undefined, "the database is away");
  metrics.setQueueDepth(depth, now);
  assert.equal(await waiting(new Date(now.getTime() + 149_000)), 4);
  assert.equal(await waiting(new Date(now.getTime() + 150_000)), undefined, "nobody looked again");
});
