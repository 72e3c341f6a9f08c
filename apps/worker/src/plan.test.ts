import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig, settings } from "@quire/core";
import { documentsBearable, engineSettings } from "@quire/engine";
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
  // 70 % of 512 is 358; (358 - 150) / 65 = 3.2; (358 - 150 - 65) / 24 = 5.9.
  assert.deepEqual(plan.threads, { count: 1, byMemory: 3, set: false });
  assert.deepEqual(plan.documents, {
    total: 5,
    lanes: { small: 5, medium: 5, large: 1 },
    byMemory: 5,
    set: false,
  });
  assert.equal(plan.atWorkBytes, (150 + 65 + 5 * 24) * mebibyte);
  assert.equal(plan.engineHeapBytes, 256 * mebibyte);
  // A2 at 200 dpi: 16.54 by 23.39 inches, 15.5 million pixels of 26.8; A1 would take 30.9.
  assert.equal(plan.resolution.maxPixels, 26_843_546);
  assert.equal(plan.resolution.largestSheet, "A2");
  assert.equal(Math.round(plan.resolution.a4FitsDpi), 527);
  assert.deepEqual(plan.resolution.a4Dpi, { scan: 200, drawn: 300 });
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
    WORKER_CONCURRENCY: "5",
    CONCURRENCY_SMALL: "5",
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

const warned: [
  name: string,
  env: Record<string, string>,
  resources: ReturnType<typeof instance>,
  RegExp[],
][] = [
  ["too small for one page", {}, instance(238, 0.5), [/takes 239 MB: it does not fit.* Take 342 MB or more/]],
  [
    "too small for comfort",
    {},
    instance(239, 0.5),
    [/239 MB, more than the 167 MB .* Better take 342 MB/, /default of 2 documents .* WORKER_CONCURRENCY=1/],
  ],
  ["just enough for one document, not for two", {}, instance(342, 0.5), [/set WORKER_CONCURRENCY=1/]],
  ["enough for two", {}, instance(376, 0.5), []],
  [
    "more documents than fit",
    { WORKER_CONCURRENCY: "6" },
    instance(512, 0.5),
    [/=6 comes to 359 MB, .*=5\./],
  ],
  ["more threads than processors", { OCR_THREADS: "2" }, instance(512, 0.5), [/OCR_THREADS=2 .* processors/]],
  [
    "more threads than memory bears",
    { OCR_THREADS: "4", WORKER_CONCURRENCY: "1" },
    instance(512, 8),
    [/OCR_THREADS=4 is more than the 3 that memory bears/],
  ],
];

for (const [name, env, resources, messages] of warned) {
  test(`warnings: ${name}`, () => {
    const { warnings } = planFor(loadConfig(env), resources);
    assert.equal(warnings.length, messages.length, warnings.join("\n"));
    for (const [index, message] of messages.entries()) assert.match(warnings[index] ?? "", message);
  });
}
