import assert from "node:assert/strict";
import { test } from "node:test";
import { engineBytes, engineCosts } from "@quire/engine";
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

/** MiB of 512 where the engine would be replaced, and what a document and an engine with its threads take. */
const replacedAt = Math.floor(0.85 * 512);
const document = engineCosts.document / mebibyte;
const wholeEngine = Math.ceil(engineBytes(running.threads) / mebibyte);

test("a document fits while what it takes is free below 85 %", () => {
  assert.ok(hasRoom(sample(replacedAt - document, 512), { opening: 0, engine: running }));
  assert.ok(!hasRoom(sample(replacedAt - document + 1, 512), { opening: 0, engine: running }));
});

test("documents that have not taken their memory yet count", () => {
  const used = replacedAt - 2 * document;
  assert.ok(hasRoom(sample(used, 512), { opening: 1, engine: running }));
  assert.ok(!hasRoom(sample(used, 512), { opening: 2, engine: running }));
});

test("so does an engine that has not read yet", () => {
  const used = replacedAt - document - wholeEngine;
  assert.ok(hasRoom(sample(used, 512), { opening: 0, engine: off }));
  assert.ok(!hasRoom(sample(used + 2, 512), { opening: 0, engine: off }));
});
