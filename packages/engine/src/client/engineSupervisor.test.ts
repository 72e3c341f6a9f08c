import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as untilNextTurn } from "node:timers/promises";
import { loadConfig, QuireError } from "@quire/core";
import type { DocumentSource } from "../protocol.ts";
import { readOptions } from "../testing/fakeDocuments.ts";
import { FakeProcesses } from "../testing/fakeProcesses.ts";
import { RandomClient } from "../testing/randomClient.ts";
import { RandomProcesses } from "../testing/randomProcesses.ts";
import { SeededRandom } from "../testing/seededRandom.ts";
import { engineSettings } from "./engineSettings.ts";
import { EngineSupervisor } from "./engineSupervisor.ts";

const steps = 100_000;
const stepsPerEngine = 500;
/** More than the pages that can be pending take when every process does what it should. */
const maxRoundsToSettle = 500;

const source: DocumentSource = { path: "any", sizeBytes: 1, options: readOptions };
const closed = new QuireError("engine_unavailable", "The engine has been closed.");

function startEngine(seed: number) {
  const random = new SeededRandom(seed);
  const processes = new FakeProcesses();
  const engines = new RandomProcesses(processes, random);
  const config = loadConfig({ OCR_THREADS: "2", ENGINE_MAX_PAGES: "12", PAGE_TIMEOUT_SECONDS: "30" });
  let isUnavailable = false;
  let lastId = 0;
  const supervisor: EngineSupervisor = new EngineSupervisor({
    config,
    threads: 2,
    ports: processes,
    start: () => ({
      entry: new URL("file:///none"),
      documentsFolder: null,
      isolation: "none",
      settings: engineSettings(config),
    }),
    onEvent: ({ type }) => {
      if (type !== "unavailable") return;
      isUnavailable = true;
      client.allowFailures();
    },
    onDocumentClosed: () => {},
    onFailedStart: () => {},
  });
  const client: RandomClient = new RandomClient({
    random,
    engine: supervisor,
    open: (open) => supervisor.open(++lastId, source, open),
    onFailedPage: ({ id }, { pageNumber, error }) => engines.checkFailure(id, pageNumber, error?.code),
    onRefused: (error) => {
      const code = error instanceof QuireError ? error.code : String(error);
      const codes = ["corrupt_file", "engine_crashed", "engine_out_of_memory", "page_timeout"];
      assert.ok(codes.includes(code) || isUnavailable, `refused with ${code}`);
    },
  });
  return { random, processes, engines, supervisor, client };
}

type Run = ReturnType<typeof startEngine>;

function checkProcesses({ processes, supervisor }: Run): void {
  const kept = processes.living.filter(({ isKilled }) => !isKilled).map(({ pid }) => pid);
  const known = new Set(supervisor.pids);
  assert.ok(known.size <= 2, `${known.size} processes`);
  assert.deepEqual(
    kept.filter((pid) => !known.has(pid)),
    [],
    "a process that nobody knows of any more",
  );
}

/** Every task comes to its end when no process dies any more, without any time passing. */
async function settle({ engines, client }: Run): Promise<void> {
  client.calmDown();
  for (let round = 0; round < maxRoundsToSettle && !client.isSettled; round++) {
    engines.behave();
    await untilNextTurn();
  }
  client.check();
  assert.ok(client.isSettled, "something never settles");
}

async function runEngine(seed: number): Promise<number> {
  const run = startEngine(seed);
  const { random, engines, supervisor, client, processes } = run;
  const trace: string[] = [];
  try {
    for (let step = 0; step < stepsPerEngine; step++) {
      trace.push(random.chance(0.3) ? client.step() : engines.step());
      await untilNextTurn();
      client.check();
      checkProcesses(run);
    }
    trace.push("settle");
    if (random.chance(0.8)) await settle(run);
    trace.push("close");
    client.allowFailures();
    supervisor.close(closed);
    client.calmDown();
    await client.settled();
    assert.deepEqual(
      processes.living.filter(({ isKilled }) => !isKilled),
      [],
      "a process is left",
    );
    return client.pagesRead;
  } catch (error) {
    throw new Error(`engine ${seed}, after: ${trace.slice(-80).join(", ")}`, { cause: error });
  }
}

test(`${steps} random steps: whatever dies whenever, every task settles, and no process is left`, async (t) => {
  const seed = Number(process.env.MODEL_SEED ?? Date.now() % 1_000_000_000);
  t.diagnostic(`MODEL_SEED=${seed}`);
  let pagesRead = 0;
  for (let engine = 0; engine < steps / stepsPerEngine; engine++) pagesRead += await runEngine(seed + engine);
  t.diagnostic(`${pagesRead} pages were read`);
  assert.ok(pagesRead > steps / 50);
});
