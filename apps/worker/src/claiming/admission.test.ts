import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemorySample } from "@quire/memory";
import { hasRoom } from "./admission.ts";

const mebibyte = 1024 * 1024;
const sample = (used: number, limit: number): MemorySample => ({
  at: new Date(),
  level: "normal",
  usedBytes: used * mebibyte,
  limitBytes: limit * mebibyte,
  share: used / limit,
  source: "processes",
});
const heap = { heapUsed: 0, heapTotal: 0, heapLimit: 0, external: 0, arrayBuffers: 0 };
const figures = { rss: 0, heap, threads: [], pagesBegun: 1, pagesRead: 1 };
const running = { state: "running", threads: 2, figures } as const;
const off = { state: "off", threads: 2, figures: null } as const;

test("a document fits while what it takes is free below 85 %", () => {
  // 435 of 512 MiB is where the engine would be replaced; a document takes 24.
  assert.ok(hasRoom(sample(410, 512), { opening: 0, engine: running }));
  assert.ok(!hasRoom(sample(412, 512), { opening: 0, engine: running }));
});

test("documents that have not taken their memory yet count", () => {
  assert.ok(hasRoom(sample(380, 512), { opening: 1, engine: running }));
  assert.ok(!hasRoom(sample(380, 512), { opening: 2, engine: running }));
});

test("so does an engine that has not read yet", () => {
  assert.ok(hasRoom(sample(200, 512), { opening: 0, engine: off }));
  assert.ok(!hasRoom(sample(210, 512), { opening: 0, engine: off }));
});
