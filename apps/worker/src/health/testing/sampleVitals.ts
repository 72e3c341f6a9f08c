import type { Vitals } from "../vitals.ts";

const mebibyte = 1024 * 1024;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A worker in the middle of its day: two documents open, everything well, as it stands at `now`. */
export function sampleVitals(now: Date, changed: Partial<Vitals> = {}): Vitals {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  return {
    workerId: "3f0a5a52-8f0c-4f5e-9c7b-2f2d7f0a1b6c",
    version: "0.1.0",
    startedAt: ago(3 * hourMs + 12 * minuteMs),
    phase: "running",
    database: { reachedAt: ago(1_000), awaySince: null },
    claiming: { since: null, lastAt: ago(2_000), everySeconds: 5 },
    memory: {
      usedBytes: 314 * mebibyte,
      limitBytes: 512 * mebibyte,
      share: 314 / 512,
      source: "cgroup v2",
      sampledAt: ago(400),
      level: "normal",
      since: ago(47 * minuteMs),
      engineKilledAt: null,
    },
    heap: {
      worker: {
        heapUsed: 21 * mebibyte,
        heapTotal: 24 * mebibyte,
        heapLimit: 259 * mebibyte,
        external: 4 * mebibyte,
        arrayBuffers: mebibyte,
      },
      engine: {
        rss: 212 * mebibyte,
        heap: {
          heapUsed: 17 * mebibyte,
          heapTotal: 22 * mebibyte,
          heapLimit: 256 * mebibyte,
          external: 60 * mebibyte,
          arrayBuffers: 8 * mebibyte,
        },
        threads: [
          { wasm: 64 * mebibyte, pages: 91 },
          { wasm: 71 * mebibyte, pages: 88 },
        ],
        pagesBegun: 0,
        pagesRead: 312,
      },
    },
    engine: {
      state: "running",
      cannotStart: false,
      threads: 2,
      reader: { engine: "pp-ocr", reason: null },
      recycles: { max_pages: 3, elevated: 2, engine_crashed: 1 },
    },
    documents: [
      {
        id: "0b5e2c4a-6f57-4b7b-8a59-5d1f6f1c9f01",
        lane: "large",
        claim: 2,
        pagesDone: 57,
        pageCount: 142,
      },
      { id: "a81d0b7e-52f4-4a0e-bb3e-0e7c0d8c3c02", lane: "small", claim: 1, pagesDone: 0, pageCount: null },
    ],
    concurrency: { inForce: 4, configured: 5 },
    restart: { jobsLeft: 43, hoursLeft: 8.8 },
    counts: {
      pages: 1_840,
      completed: 160,
      partial: 3,
      refused: 2,
      failed: 1,
      retried: 2,
      stalled: 1,
      handedBack: 4,
    },
    events: [
      { at: ago(3 * hourMs + 12 * minuteMs), event: "started", reason: null },
      { at: ago(52 * minuteMs), event: "memory_level", reason: "elevated" },
      { at: ago(51 * minuteMs), event: "engine_recycled", reason: "elevated" },
      { at: ago(47 * minuteMs), event: "memory_level", reason: "normal" },
      { at: ago(4 * minuteMs), event: "engine_died", reason: "engine_crashed" },
      { at: ago(12_000), event: "collected", reason: null },
    ],
    ...changed,
  };
}
