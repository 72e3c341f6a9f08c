import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig, settings } from "@quire/core";
import { documentsBearable, engineCosts, engineSettings, plannedShare } from "@quire/engine";
import { nextLevel } from "@quire/memory";
import { concurrencyOf } from "./claiming/concurrency.ts";
import { planFor } from "./plan.ts";

const mebibyte = 1024 * 1024;
const instance = (megabytes: number, processors: number) => ({
  budgetBytes: megabytes * mebibyte,
  processors,
});
const instances = [
  instance(128, 0.5),
  instance(256, 0.5),
  instance(400, 2),
  instance(512, 0.5),
  instance(512, 2),
  instance(2048, 1),
  instance(4096, 2),
  instance(65_536, 16),
];
/** What the engine's parts are measured to weigh, in MB. */
const base = engineCosts.base / mebibyte;
const thread = engineCosts.thread / mebibyte;
const document = engineCosts.document / mebibyte;
const environments = [{}, { OCR_THREADS: "3", WORKER_CONCURRENCY: "8", CONCURRENCY_MEDIUM: "2" }];

test("a plan is what the worker's own functions say", () => {
  for (const resources of instances)
    for (const config of environments.map(loadConfig)) {
      const plan = planFor(config, resources);
      const engine = engineSettings(config, resources);
      assert.equal(plan.threads.count, engine.threads);
      assert.equal(plan.engineHeapBytes, engine.maxHeapMegabytes * mebibyte);
      assert.equal(plan.resolution.maxPixels, engine.maxRasterPixels);
      const { total, lanes } = concurrencyOf(config.worker, documentsBearable(config, resources));
      assert.deepEqual([plan.documents.total, plan.documents.lanes], [total, lanes]);
      assert.equal(plan.documents.byMemory, documentsBearable(config, resources));
      assert.equal(plan.connections, config.databasePoolSize + 1);
      let level: ReturnType<typeof nextLevel> = "normal";
      for (const { level: entered, enterBytes, leaveBytes } of plan.watermarks) {
        const at = (bytes: number) => nextLevel(level, bytes / resources.budgetBytes);
        assert.equal(at(enterBytes - 1), level);
        assert.equal(at(enterBytes + 1), entered);
        assert.equal(nextLevel(entered, (leaveBytes - 1) / resources.budgetBytes), level);
        level = entered;
      }
    }
});

test("the figures for 512 MB and half a processor, worked out by hand", () => {
  const plan = planFor(loadConfig({}), instance(512, 0.5));
  // 70 % of 512 is 358.4.
  const byMemory = Math.floor((358.4 - base - thread) / document);
  const total = Math.min(5, Math.max(2, byMemory));
  assert.deepEqual(plan.threads, { count: 1, byMemory: Math.floor((358.4 - base) / thread), set: false });
  assert.deepEqual(plan.documents, {
    total,
    lanes: { small: total, medium: Math.min(5, total), large: 1 },
    byMemory,
    set: false,
  });
  assert.equal(plan.atWorkBytes, (base + thread + total * document) * mebibyte);
  assert.equal(plan.engineHeapBytes, 256 * mebibyte);
  // A3 at 300 dpi: 11.69 by 16.54 inches, 17.4 million pixels of 26.8; A2 would take 34.8.
  assert.equal(plan.resolution.maxPixels, 26_843_546);
  assert.equal(plan.resolution.largestSheet, "A3");
  assert.equal(Math.round(plan.resolution.a4FitsDpi), 527);
  assert.deepEqual(plan.resolution.a4Dpi, { scan: 300, drawn: 300 });
  assert.deepEqual(
    plan.watermarks.map(({ enterBytes, leaveBytes }) =>
      [enterBytes, leaveBytes].map((bytes) => Math.round(bytes / mebibyte)),
    ),
    [
      [358, 333],
      [435, 410],
      [486, 461],
    ],
  );
  assert.deepEqual(plan.warnings, []);
  assert.deepEqual(plan.environment, {
    MEMORY_LIMIT_MB: "512",
    OCR_THREADS: "1",
    WORKER_CONCURRENCY: `${total}`,
    CONCURRENCY_SMALL: `${total}`,
    ...(total < 5 && { CONCURRENCY_MEDIUM: `${total}` }),
  });
});

test("a worker with that environment runs with the plan, on a host of any size", () => {
  for (const resources of instances)
    for (const given of environments) {
      const plan = planFor(loadConfig(given), resources);
      const config = loadConfig({ ...given, ...plan.environment });
      const again = planFor(config, { budgetBytes: config.memoryLimitBytes ?? 0, processors: 64 });
      assert.equal(again.threads.count, plan.threads.count);
      assert.equal(again.resolution.maxPixels, plan.resolution.maxPixels);
      assert.deepEqual(again.watermarks, plan.watermarks);
      assert.deepEqual(again.environment, plan.environment);
      const wanted = plan.warnings.length > 0 ? plan.environment.WORKER_CONCURRENCY : plan.documents.total;
      assert.equal(again.documents.total, Number(wanted));
      if (plan.warnings.length === 0) assert.deepEqual(again.documents.lanes, plan.documents.lanes);
    }
});

test("a lane is named only where it is bounded closer than by default", () => {
  const { environment } = planFor(loadConfig({ WORKER_CONCURRENCY: "20" }), instance(65_536, 16));
  assert.deepEqual(Object.keys(environment), ["MEMORY_LIMIT_MB", "OCR_THREADS", "WORKER_CONCURRENCY"]);
  assert.equal(settings.CONCURRENCY_SMALL.default, "15");
});

/** MB that a thread takes with so many documents, and the smallest instance on which that stays below elevated. */
const atWork = (documents: number) => base + thread + documents * document;
const bears = (documents: number) => Math.ceil(atWork(documents) / plannedShare);
const onSmallest = Math.floor((512 * plannedShare - base - thread) / document);
const threadsOfSmallest = Math.floor((512 * plannedShare - base) / thread);

const warned: [
  name: string,
  env: Record<string, string>,
  resources: ReturnType<typeof instance>,
  RegExp[],
][] = [
  [
    "too small for one page",
    {},
    instance(atWork(1) - 1, 0.5),
    [new RegExp(`takes ${atWork(1)} MB: it does not fit.* Take ${bears(1)} MB or more`)],
  ],
  [
    "too small for comfort",
    {},
    instance(atWork(1), 0.5),
    [
      new RegExp(
        `${atWork(1)} MB, more than the ${Math.round(atWork(1) * plannedShare)} MB .* Better take ${bears(1)} MB`,
      ),
      /default of 2 documents .* WORKER_CONCURRENCY=1/,
    ],
  ],
  ["just enough for one document, not for two", {}, instance(bears(1), 0.5), [/set WORKER_CONCURRENCY=1/]],
  ["enough for two", {}, instance(bears(2), 0.5), []],
  [
    "more documents than fit",
    { WORKER_CONCURRENCY: `${onSmallest + 1}` },
    instance(512, 0.5),
    [new RegExp(`=${onSmallest + 1} comes to ${atWork(onSmallest + 1)} MB, .*=${onSmallest}\\.`)],
  ],
  ["more threads than processors", { OCR_THREADS: "2" }, instance(512, 0.5), [/OCR_THREADS=2 .* processors/]],
  [
    "more threads than memory bears",
    { OCR_THREADS: `${threadsOfSmallest + 1}`, WORKER_CONCURRENCY: "1" },
    instance(512, 8),
    [
      new RegExp(
        `OCR_THREADS=${threadsOfSmallest + 1} is more than the ${threadsOfSmallest} that memory bears`,
      ),
    ],
  ],
];

for (const [name, env, resources, messages] of warned) {
  test(`warnings: ${name}`, () => {
    const { warnings } = planFor(loadConfig(env), resources);
    assert.equal(warnings.length, messages.length, warnings.join("\n"));
    for (const [index, message] of messages.entries()) assert.match(warnings[index] ?? "", message);
  });
}
