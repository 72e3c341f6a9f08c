import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLevels } from "@quire/memory";
import { assess, assessmentBounds } from "./assess.ts";
import { sampleVitals } from "./testing/sampleVitals.ts";
import type { MemoryVitals, Vitals } from "./vitals.ts";

const now = new Date("2026-11-21T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const { memory, claiming, engine } = sampleVitals(now);

function judged(changed: Partial<Vitals>) {
  const { status, healthy, ready, reasons } = assess(sampleVitals(now, changed), now);
  return [status, healthy ? 200 : 503, ready ? 200 : 503, reasons.map(({ code }) => code).join()];
}
const withMemory = (changed: Partial<MemoryVitals>) => judged({ memory: { ...memory, ...changed } });
const withClaiming = (changed: Partial<Vitals["claiming"]>) =>
  judged({ claiming: { ...claiming, ...changed } });
const ok = ["ok", 200, 200, ""];

test("a worker in the middle of its day is well", () => {
  assert.deepEqual(judged({}), ok);
});

test("a round of claiming is stuck from its bound on, and slow before", () => {
  const { claimingSeconds } = assessmentBounds;
  assert.deepEqual(withClaiming({ since: ago(claimingSeconds - 0.001) }), ok);
  assert.deepEqual(withClaiming({ since: ago(claimingSeconds) }), ["broken", 503, 503, "claiming_stuck"]);
});

test("so is a loop that begins no more rounds, however seldom they are due", () => {
  const bound = 900 + assessmentBounds.claimingSeconds;
  assert.deepEqual(withClaiming({ everySeconds: 900, lastAt: ago(bound - 0.001) }), ok);
  assert.deepEqual(withClaiming({ everySeconds: 900, lastAt: ago(bound) }), [
    "broken",
    503,
    503,
    "claiming_stuck",
  ]);
  assert.deepEqual(withClaiming({ lastAt: null }), ok);
});

test("timers that do not run show in the age of the memory's sample", () => {
  const { sampleSeconds } = assessmentBounds;
  assert.deepEqual(withMemory({ sampledAt: ago(sampleSeconds - 0.001) }), ok);
  assert.deepEqual(withMemory({ sampledAt: ago(sampleSeconds) }), ["broken", 503, 503, "event_loop_stalled"]);
});

test("memory that is high is no fault: the worker only takes nothing new", () => {
  for (const level of memoryLevels.filter((name) => name !== "normal"))
    assert.deepEqual(withMemory({ level, since: ago(3_600) }), ["pressure", 200, 503, "memory_pressure"]);
});

test("memory that stays critical for a minute after the engine was killed is", () => {
  const { criticalSeconds } = assessmentBounds;
  const critical = (seconds: number, killedSeconds: number | null) =>
    withMemory({
      level: "critical",
      since: ago(seconds),
      engineKilledAt: killedSeconds === null ? null : ago(killedSeconds),
    });
  const pressure = ["pressure", 200, 503, "memory_pressure"];
  const broken = ["broken", 503, 503, "memory_stays_critical,memory_pressure"];
  assert.deepEqual(critical(criticalSeconds - 0.001, 30), pressure);
  assert.deepEqual(critical(criticalSeconds, 30), broken);
  assert.deepEqual(critical(criticalSeconds, criticalSeconds), broken);
  assert.deepEqual(critical(3_600, null), pressure, "the engine was never killed");
  assert.deepEqual(critical(criticalSeconds, 600), pressure, "that was another time");
});

test("an engine that cannot be started", () => {
  assert.deepEqual(judged({ engine: { ...engine, cannotStart: true } }), [
    "broken",
    503,
    503,
    "engine_cannot_start",
  ]);
});

test("a database that went away costs readiness only, however long", () => {
  const database = { reachedAt: ago(90_000), awaySince: ago(86_400) };
  assert.deepEqual(judged({ database }), ["database_away", 200, 503, "database_away"]);
});

test("one that was never reached costs health too, in a worker that starts and in one that runs", () => {
  const database = { reachedAt: null, awaySince: ago(10) };
  const codes = "database_never_reached,starting,database_away";
  assert.deepEqual(judged({ phase: "starting", database }), ["starting", 503, 503, codes]);
  assert.deepEqual(judged({ database: { reachedAt: null, awaySince: null } }), [
    "broken",
    503,
    503,
    "database_never_reached",
  ]);
});

test("a worker that starts and has reached its database is well, and not ready", () => {
  assert.deepEqual(judged({ phase: "starting" }), ["starting", 200, 503, "starting"]);
  const unable = { phase: "starting" as const, engine: { ...engine, cannotStart: true } };
  assert.deepEqual(judged(unable), ["broken", 503, 503, "engine_cannot_start,starting"]);
});

test("a worker that drains is let finish, whatever it would need to go on claiming", () => {
  assert.deepEqual(judged({ phase: "draining" }), ["draining", 200, 503, "draining"]);
  const unable = {
    phase: "draining" as const,
    database: { reachedAt: null, awaySince: null },
    claiming: { ...claiming, since: ago(3_600) },
    engine: { ...engine, cannotStart: true },
  };
  assert.deepEqual(judged(unable), ["draining", 200, 503, "draining"]);
  const stalled = { phase: "draining" as const, memory: { ...memory, sampledAt: ago(60) } };
  assert.deepEqual(judged(stalled), ["broken", 503, 503, "event_loop_stalled,draining"]);
});

test("the most serious is the status, and every reason is told with its figures", () => {
  const all = sampleVitals(now, {
    claiming: { ...claiming, since: ago(400) },
    memory: {
      ...memory,
      share: 0.963,
      level: "critical",
      since: ago(75),
      sampledAt: ago(31),
      engineKilledAt: ago(70),
    },
    engine: { ...engine, cannotStart: true },
    database: { reachedAt: ago(500), awaySince: ago(420) },
  });
  const { status, reasons } = assess(all, now);
  assert.equal(status, "broken");
  const told = reasons.map(({ code, message }) => `${code}: ${message}`).join("\n");
  for (const figure of ["sampled 31 s", "for 75 s", "96.3 %", "lasted 400 s", "bound is 300 s", "for 420 s"])
    assert.ok(told.includes(figure), `${figure} in ${told}`);
});
