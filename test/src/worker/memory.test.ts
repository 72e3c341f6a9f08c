import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Installation, isAtEnd } from "./installation.ts";
import type { WorkerHost } from "./workerHost.ts";

let installation: Installation;

before(async () => {
  installation = await Installation.open();
});
afterEach(() => installation.killWorkers());
after(() => installation.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & {
    readonly status: string;
    readonly reasons: readonly { readonly code: string }[];
  };
}

async function ask(host: WorkerHost, path: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${await host.port()}${path}`);
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

/** Asks until the answer is as wanted; the test's own time limit ends a wait for ever. */
async function untilAnswered(host: WorkerHost, path: string, wanted: (answer: Answer) => boolean) {
  for (;;) {
    const answer = await ask(host, path);
    if (wanted(answer)) return answer;
    await delay(50);
  }
}

async function eventsOf(event: string): Promise<{ reason: string; figures: Record<string, unknown> }[]> {
  return installation.database.query(
    "select reason, figures from public.worker_events where event = $1 order by id",
    [event],
  );
}

test("an engine that leaks is replaced between two pages: none is lost, none is read twice", async () => {
  const host = installation.host("leaking", { MEMORY_LIMIT_MB: "512", OCR_THREADS: "1" });
  // Conservative: one page at a time, as a real engine recognises them, and slower than the memory is looked at.
  const id = await installation.addFake({ pages: 16, pageMs: 1_200, leakMb: 35, conservative: true });
  host.start();
  const document = await installation.untilEnd(id);
  assert.equal(document.status, "completed");
  assert.equal(document.pagesDone, 16);
  assert.ok([...installation.begun(id).values()].every((times) => times === 1));
  const reasons = (await eventsOf("engine_recycled")).map(({ reason }) => reason);
  assert.ok(reasons.length >= 1, "16 times 35 MB are more than there is");
  assert.deepEqual(await eventsOf("engine_died"), []);
  const levels = (await eventsOf("memory_level")).map(({ reason }) => reason);
  assert.ok(levels.includes("elevated") || levels.includes("high"), `${levels}`);
  assert.equal(await host.stop(), 0);
});

test("a worker leaves after its jobs, with what it did, and the next one goes on: nothing fails", async () => {
  const host = installation.host("leaving", {
    RESTART_AFTER_JOBS: "3",
    RESTART_JITTER: "0",
    RESTART_MIN_UPTIME_MINUTES: "0",
    RESTART_EXIT_CODE: "7",
    WORKER_CONCURRENCY: "2",
  });
  const ids: string[] = [];
  for (let index = 0; index < 10; index++) ids.push(await installation.addFake({ pages: 3, pageMs: 10 }));
  const exitCodes: (number | null)[] = [];
  let left = ids.length;
  while (left > 0) {
    host.start();
    const ended = host.untilEnded();
    const done = Promise.all(ids.map((id) => installation.until(id, isAtEnd)));
    await Promise.race([ended, done]);
    const documents = await Promise.all(ids.map((id) => installation.documents.get(id)));
    left = documents.filter((document) => !isAtEnd(document)).length;
    if (left > 0) exitCodes.push(host.exitCode);
  }
  await host.stop();
  assert.ok(exitCodes.length >= 2, `${exitCodes}`);
  assert.deepEqual([...new Set(exitCodes)], [7]);
  for (const id of ids) {
    const { status, failures, stalls } = await installation.documents.get(id);
    assert.deepEqual({ status, failures, stalls }, { status: "completed", failures: 0, stalls: 0 });
  }
  const [restart] = await eventsOf("restart");
  assert.equal(restart?.reason, "after_jobs");
  for (const name of ["jobs", "pages", "hours", "usedBytes", "limitBytes"])
    assert.equal(typeof restart?.figures[name], "number", name);
});

test("a worker says how it stands while it reads, drains and has lost its database", async () => {
  const host = installation.host("asked");
  const id = await installation.addFake({ pages: 60, pageMs: 50 });
  host.start();
  const busy = await untilAnswered(host, "/health", ({ body }) => {
    const [document] = body.documents as { pagesDone: number }[];
    return (document?.pagesDone ?? 0) > 2;
  });
  assert.equal(busy.status, 200);
  assert.equal(busy.body.status, "ok");
  const [active] = busy.body.documents as { id: string; pageCount: number }[];
  assert.deepEqual([active?.id, active?.pageCount], [id, 60]);
  assert.equal((await ask(host, "/ready")).status, 200);

  const { postgres } = installation.cluster;
  await postgres.stop("immediate");
  const away = await untilAnswered(host, "/ready", ({ status }) => status === 503);
  assert.deepEqual(
    away.body.reasons.map(({ code }) => code),
    ["database_away"],
  );
  assert.equal((await ask(host, "/health")).status, 200, "restarting a fleet brings no database back");
  await postgres.restart();
  await untilAnswered(host, "/ready", ({ status }) => status === 200);

  host.signal("SIGTERM");
  const draining = await untilAnswered(host, "/ready", ({ status }) => status === 503);
  assert.equal(draining.body.status, "draining");
  await host.untilEnded();
  const document = await installation.documents.get(id);
  assert.deepEqual([document.failures, document.stalls], [0, 0]);
});

test("a worker that has never reached its database says that it is not well, and why", async () => {
  const host = installation.host("lost", { DATABASE_URL: "postgres://nobody@127.0.0.1:9/nowhere" });
  host.start();
  const answer = await ask(host, "/health");
  assert.equal(answer.status, 503);
  assert.ok(answer.body.reasons.some(({ code }) => code === "database_never_reached"));
  await host.kill();
});
