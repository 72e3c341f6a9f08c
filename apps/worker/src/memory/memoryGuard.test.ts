import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { loadConfig } from "@quire/core";
import { createLog } from "@quire/core/log";
import { Engine, type EngineDocument, type EngineEvent } from "@quire/engine";
import { type MemoryLevel, type MemorySample, nextLevel } from "@quire/memory";
import { Chronicle } from "../chronicle.ts";
import { ConcurrencyInForce } from "../claiming/concurrency.ts";
import { MemoryGuard } from "./memoryGuard.ts";

const entry = new URL("../../../../packages/engine/dist/testing/fakeEngine.js", import.meta.url);
const log = await createLog(loadConfig({ LOG_LEVEL: "error" }));
const folder = mkdtempSync(join(tmpdir(), "quire-guard-"));
const limitBytes = 512 * 1024 * 1024;
let open: Engine | null = null;

afterEach(() => open?.close());
after(() => rmSync(folder, { recursive: true }));

/** A guard over a real engine process; `at` tells it how the memory stands, seconds after the start. */
function guarded() {
  const engineEvents: EngineEvent[] = [];
  const engine = new Engine(loadConfig({ OCR_THREADS: "1" }), {
    entry,
    onEvent: (event) => engineEvents.push(event),
  });
  open = engine;
  const chronicle = new Chronicle(log);
  const concurrency = new ConcurrencyInForce({ total: 3, lanes: { small: 3, medium: 3, large: 1 } });
  const calls: string[] = [];
  const guard = new MemoryGuard({
    engine,
    concurrency,
    chronicle,
    onWorkerTooLarge: () => calls.push("too large"),
    onRelief: () => calls.push("relief"),
  });
  let level: MemoryLevel = "normal";
  const at = (seconds: number, share: number) => {
    level = nextLevel(level, share);
    const usedBytes = share * limitBytes;
    const sample: MemorySample = {
      at: new Date(seconds * 1000),
      level,
      usedBytes,
      limitBytes,
      share,
      source: "processes",
    };
    guard.act(sample);
  };
  const told = () => chronicle.events.map(({ event, reason }) => `${event} ${reason}`);
  return { engine, engineEvents, concurrency, guard, calls, at, told };
}

async function openDocument(engine: Engine, fake: Record<string, unknown>): Promise<EngineDocument> {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, JSON.stringify(fake));
  return engine.openDocument(path, {
    languages: ["eng"],
    textLayer: "auto",
    rotate: "auto",
    quality: "balanced",
    preview: false,
  });
}

const recycles = (events: EngineEvent[]) =>
  events.flatMap((event) => (event.type === "recycled" ? [event.reason] : []));

test("elevated: garbage is collected, and an engine that has nothing to do is replaced", async () => {
  const { engine, engineEvents, at, told, calls } = guarded();
  await openDocument(engine, { pages: 1 });
  at(1, 0.5);
  at(2, 0.72);
  assert.deepEqual(told(), ["memory_level elevated", "collected elevated"]);
  assert.deepEqual(recycles(engineEvents), ["elevated"]);
  assert.equal(engine.state, "off");
  at(3, 0.6);
  assert.deepEqual(calls, ["relief"]);
  assert.equal(told().at(-1), "memory_level normal");
});

test("elevated: an engine that reads is left alone for a minute", async () => {
  const { engine, engineEvents, at } = guarded();
  const document = await openDocument(engine, { pages: 2, mute: [1] });
  const reading = document.pages().next();
  reading.catch(() => {});
  at(2, 0.72);
  at(61, 0.72);
  assert.deepEqual(recycles(engineEvents), []);
  assert.equal(engine.state, "running");
});

test("what stands at any level without an engine is not the engine's: after a while that is told", () => {
  for (const { share, seconds } of [
    { share: 0.72, seconds: 60 },
    { share: 0.87, seconds: 30 },
    { share: 0.97, seconds: 10 },
  ]) {
    const { at, calls, guard } = guarded();
    at(0, share);
    at(seconds - 1, share);
    assert.deepEqual(calls, []);
    assert.equal(guard.isNotTheEngines, false);
    at(seconds, share);
    assert.deepEqual(calls, ["too large"]);
    at(seconds + 1, share);
    assert.equal(guard.isNotTheEngines, true);
    at(seconds + 2, 0.5);
    assert.equal(guard.isNotTheEngines, false);
  }
});

test("an engine that has just been replaced is given its time to have helped", async () => {
  const { engine, at, calls } = guarded();
  at(0, 0.72);
  at(59, 0.72);
  await openDocument(engine, { pages: 1 });
  at(59.5, 0.72);
  assert.equal(engine.state, "off");
  at(60, 0.72);
  at(118, 0.72);
  assert.deepEqual(calls, []);
  at(120, 0.72);
  assert.deepEqual(calls, ["too large"]);
});

test("high: the engine is replaced and one document fewer is read, once, and again only while it lasts", async () => {
  const { engine, engineEvents, concurrency, at, told } = guarded();
  await openDocument(engine, { pages: 1 });
  at(1, 0.87);
  at(2, 0.87);
  assert.deepEqual(recycles(engineEvents), ["high"]);
  assert.equal(concurrency.total, 2);
  at(31, 0.87);
  assert.equal(concurrency.total, 1);
  at(61, 0.87);
  assert.equal(concurrency.total, 1, "not under one");
  assert.deepEqual(
    told().filter((event) => event.startsWith("concurrency")),
    ["concurrency high", "concurrency high"],
  );
});

test("calm: every minute one document more, up to what is configured", () => {
  const { concurrency, at, told } = guarded();
  at(0, 0.87);
  at(30, 0.87);
  assert.equal(concurrency.total, 1);
  at(40, 0.5);
  at(99, 0.5);
  assert.equal(concurrency.total, 1);
  at(100, 0.5);
  at(160, 0.5);
  at(220, 0.5);
  assert.equal(concurrency.total, 3);
  assert.equal(told().filter((event) => event === "concurrency calm").length, 2);
});

test("critical: the engine is killed now, and none is started before the level falls", async () => {
  const { engine, engineEvents, guard, at } = guarded();
  const document = await openDocument(engine, { pages: 30, pageMs: 20 });
  const pages: number[] = [];
  for await (const { pageNumber, outcome } of document.pages()) {
    pages.push(pageNumber);
    assert.equal(outcome, "recognized");
    if (pageNumber !== 1) continue;
    const died = new Promise<void>((resolve) => {
      const look = () => {
        if (engineEvents.some(({ type }) => type === "died")) resolve();
        else setImmediate(look);
      };
      look();
    });
    at(1, 0.96);
    await died;
    assert.equal(guard.engineKilledAt?.getTime(), 1_000);
    at(2, 0.93);
    assert.equal(engine.state, "off", "below the watermark, but not below its end");
    at(3, 0.85);
    assert.notEqual(engine.state, "off");
  }
  assert.equal(pages.length, 30);
  const deaths = engineEvents.flatMap((event) => (event.type === "died" ? [event.death] : []));
  assert.deepEqual(deaths, ["critical"]);
});
