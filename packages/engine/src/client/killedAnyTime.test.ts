import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay, setImmediate as untilNextTurn } from "node:timers/promises";
import { loadConfig, QuireError } from "@quire/core";
import { processTree } from "@quire/memory";
import { fake, readOptions } from "../testing/fakeDocuments.ts";
import type { FakeDocument } from "../testing/fakeEngine.ts";
import { RandomClient } from "../testing/randomClient.ts";
import { SeededRandom } from "../testing/seededRandom.ts";
import { Engine } from "./engine.ts";

const steps = 2_000;
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 1_000_000_000);
const random = new SeededRandom(seed);

/** How a document misbehaves: most do not. */
const misdeeds: Record<string, (page: number) => Partial<FakeDocument>> = {
  crash: (page) => ({ crash: [page] }),
  crashTwice: (page) => ({ crashTwice: [page] }),
  killed: (page) => ({ killed: { page, times: 2 } }),
  exhaust: (page) => ({ exhaust: [page] }),
  babble: (page) => ({ babble: [page] }),
  hang: (page) => ({ hang: [page] }),
  unfit: (page) => ({ unfit: [page, page + 1] }),
  crashOnOpen: () => ({ crashOnOpen: true }),
};
const misdeedWeights = {
  none: 60,
  crash: 4,
  crashTwice: 4,
  killed: 4,
  exhaust: 0.5,
  babble: 3,
  hang: 1,
  unfit: 10,
  crashOnOpen: 2,
};

function randomDocument(): string {
  const pages = 1 + random.below(30);
  const misdeed = misdeeds[random.weighted(misdeedWeights)]?.(1 + random.below(pages));
  return fake({ pages, pageMs: random.below(12), conservative: random.chance(0.1), ...misdeed });
}

let isUnavailable = false;
const counts: Record<string, number> = {};
const engine = new Engine(
  loadConfig({
    OCR_THREADS: "2",
    ENGINE_MAX_PAGES: "40",
    PAGE_TIMEOUT_SECONDS: "2",
    MEMORY_LIMIT_MB: "1024",
  }),
  {
    entry: new URL("../testing/fakeEngine.js", import.meta.url),
    onEvent: ({ type }) => {
      counts[type] = (counts[type] ?? 0) + 1;
      if (type !== "unavailable") return;
      // Three in a row were killed before they were ready.
      isUnavailable = true;
      client.allowFailures();
    },
  },
);
after(() => engine.close());

const client: RandomClient = new RandomClient({
  random,
  engine,
  open: (open) => engine.openDocument(randomDocument(), readOptions, open),
  onFailedPage: (_document, { error }) => checkCode(error?.code),
  onRefused: (error) => checkCode(error instanceof QuireError ? error.code : String(error)),
});

function checkCode(code: string | undefined): void {
  const codes = ["engine_crashed", "engine_out_of_memory", "page_out_of_memory", "page_timeout"];
  assert.ok(codes.includes(`${code}`) || isUnavailable, `failed with ${code}`);
}

function killOne(): void {
  const pid = random.pick(engine.pids);
  try {
    if (pid !== undefined) process.kill(pid, random.chance(0.5) ? "SIGKILL" : "SIGSEGV");
  } catch {
    // It is gone already; its end has not been reported yet.
  }
}

test(`${steps} random steps with real processes: every task settles, and none is left`, async (t) => {
  t.diagnostic(`MODEL_SEED=${seed}`);
  for (let step = 0; step < steps; step++) {
    const kind = random.weighted({ client: 50, delay: 47, kill: 3 });
    if (kind === "client") client.step();
    if (kind === "kill") killOne();
    // Not to wait for anything, but to have things happen at other moments.
    if (kind === "delay") await delay(random.below(40));
    else await untilNextTurn();
    client.check();
  }
  client.calmDown();
  await client.settled();
  t.diagnostic(`${client.pagesRead} pages were read; ${JSON.stringify(counts)}`);
  engine.close();
  while (processTree(process.pid).length > 1) await untilNextTurn();
});
