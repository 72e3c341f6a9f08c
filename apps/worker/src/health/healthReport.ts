import { type HeapFigures, percentOf } from "@quire/memory";
import { type Assessment, assess } from "./assess.ts";
import { ratesOf } from "./rates.ts";
import type { MemoryVitals, Vitals } from "./vitals.ts";

/** What `GET /health` shows; docs/operations.md describes it. Dates become ISO times in JSON. */
export type HealthReport = ReturnType<typeof healthReport>;

/** @param now the moment that ages and bounds are counted to */
export function healthReport(vitals: Vitals, now: Date) {
  const { workerId, version, startedAt, database, claiming, concurrency, restart, counts } = vitals;
  return {
    ...assess(vitals, now),
    at: now,
    workerId,
    version,
    startedAt,
    uptimeSeconds: Math.floor((now.getTime() - startedAt.getTime()) / 1000),
    memory: memoryReport(vitals.memory),
    heap: heapReport(vitals),
    engine: engineReport(vitals),
    documents: vitals.documents,
    concurrency,
    rates: ratesOf(counts),
    counts,
    restart,
    database,
    claiming: {
      roundSince: claiming.since,
      lastRoundAt: claiming.lastAt,
      everySeconds: claiming.everySeconds,
    },
    events: vitals.events,
  };
}

function memoryReport({ level, since, share, engineKilledAt, ...reading }: MemoryVitals) {
  const { usedBytes, limitBytes, source, sampledAt } = reading;
  const percent = percentOf(share);
  return { level, since, percent, usedBytes, limitBytes, source, sampledAt, engineKilledAt };
}

function heapReport({ heap: { worker, engine } }: Vitals) {
  return { worker: inBytes(worker), engine: engine === null ? null : inBytes(engine.heap) };
}

function inBytes({ heapUsed, heapTotal, heapLimit, external, arrayBuffers }: HeapFigures) {
  return {
    usedBytes: heapUsed,
    totalBytes: heapTotal,
    limitBytes: heapLimit,
    externalBytes: external,
    arrayBuffersBytes: arrayBuffers,
  };
}

function engineReport({ engine, heap: { engine: figures } }: Vitals) {
  const recycled = Object.values(engine.recycles).reduce((sum, count) => sum + count, 0);
  return {
    state: engine.state,
    cannotStart: engine.cannotStart,
    reader: engine.reader,
    configuredThreads: engine.threads,
    residentBytes: figures?.rss ?? null,
    pagesRead: figures?.pagesRead ?? null,
    threads: figures?.threads.map(({ wasm, pages }) => ({ wasmBytes: wasm, pages })) ?? [],
    recycled,
    recycles: engine.recycles,
  };
}

export type BriefReport = ReturnType<typeof briefReport>;

/** What those see who may know only whether, not how: they are told apart by the token. */
export function briefReport({ status, reasons }: Assessment) {
  return { status, reasons: reasons.map(({ code }) => ({ code })) };
}

/** What `GET /ready` shows. */
export function readyReport({ status, ready, reasons }: Assessment) {
  return { status, ready, reasons };
}
