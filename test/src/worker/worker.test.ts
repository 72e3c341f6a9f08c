import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Database } from "@quire/store";
import { runQuire, startQuire, untilGone } from "../quire.ts";
import { Installation, isAtEnd } from "./installation.ts";

const installation = await Installation.open();
after(() => installation.close());
const { documents, database } = installation;

test("a worker that is told to leave finishes its pages, hands the rest back and forgets nothing", async () => {
  const host = installation.host("leaving");
  const id = await installation.addFake({ pages: 60, pageMs: 100 });
  host.start();
  await installation.until(id, ({ pagesDone }) => pagesDone >= 3);
  assert.equal(await host.stop(), 0);

  const left = await documents.get(id);
  assert.equal(left.status, "queued");
  assert.ok(left.pagesDone >= 3 && left.pagesDone < 60);
  assert.deepEqual([left.failures, left.stalls], [0, 0]);
  assert.deepEqual(await database.query("select * from public.pages_in_flight"), []);
  assert.deepEqual(readdirSync(host.tempDir), []);

  host.start();
  assert.equal((await installation.until(id, isAtEnd)).status, "completed");
  assert.equal(await host.stop(), 0);
  // Every page that was begun was finished: none was read twice.
  const begun = installation.begun(id);
  assert.equal(begun.size, 60);
  assert.ok([...begun.values()].every((times) => times === 1));
});

test("a second signal ends the worker now, and another takes over what it held", async () => {
  const host = installation.host("hasty", { PAGE_TIMEOUT_SECONDS: "600" });
  const id = await installation.addFake({ pages: 4, mute: [3] });
  host.start();
  await installation.until(id, ({ pagesDone }) => pagesDone === 3);
  host.signal("SIGTERM");
  await host.untilLogged("worker drains");
  // Signals that come together are one wish; told again later, it goes.
  const again = setInterval(() => host.signal("SIGTERM"), 200);
  await host.untilEnded();
  clearInterval(again);
  assert.equal((await documents.get(id)).status, "processing");
  await documents.cancel(id);
});

test("a cancelled document stops within the page in flight, and the worker goes on", async () => {
  const host = installation.host("cancelling");
  const id = await installation.addFake({ pages: 500, pageMs: 30 });
  host.start();
  await installation.until(id, ({ pagesDone }) => pagesDone >= 2);
  assert.equal(await documents.cancel(id), "cancelled");
  const { pagesDone } = await documents.get(id);
  await host.untilLogged("document lost");
  const next = await installation.addFake({ pages: 2 });
  assert.equal((await installation.until(next, isAtEnd)).status, "completed");
  assert.equal((await documents.get(id)).pagesDone, pagesDone);
  assert.equal(await host.stop(), 0);
});

test("a fax of many pages is small in bytes only: it moves to the large lane, uncharged", async () => {
  const host = installation.host("moving");
  const id = await installation.addFake({ pages: 100 });
  assert.equal((await documents.get(id)).lane, "small");
  host.start();
  const read = await installation.until(id, isAtEnd);
  assert.deepEqual([read.status, read.lane, read.failures, read.stalls], ["completed", "large", 0, 0]);
  assert.equal(await host.stop(), 0);
});

test("a supervised worker that is killed is started again and goes on; Ctrl-C ends both", async () => {
  const env = { DATABASE_URL: installation.url, TEMP_DIR: installation.folder, LOG_FORMAT: "json" };
  const supervisor = startQuire(["worker", "--supervise"], env);
  let log = "";
  const started = Promise.withResolvers<number>();
  supervisor.stdout?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    const pid = /"pid":(\d+),"msg":"worker process started"/.exec(log)?.[1];
    if (pid && log.includes('"msg":"worker starts"')) started.resolve(Number(pid));
  });
  process.kill(await started.promise, "SIGKILL");
  while ((log.match(/"msg":"worker starts"/g) ?? []).length < 2) await new Promise(setImmediate);
  assert.match(log, /"signal":"SIGKILL".*worker process ended, another starts/);
  supervisor.kill("SIGINT");
  const [code] = await once(supervisor, "close");
  assert.equal(code, 0);
  await untilGone(supervisor);
  assert.match(log, /"reason":"SIGTERM".*worker stopped/);
});

test("logs say neither what a document is called nor whose it is nor what is in it", async () => {
  const host = installation.host("discreet", { LOG_LEVEL: "debug" });
  const ids = [
    await installation.addFake({ pages: 2 }, "Maria-Musterfrau-HIV.pdf"),
    await installation.addFake({ pages: 2, crash: [1] }, "Maria-Musterfrau-HIV.pdf"),
    await installation.addFake({ pages: 1, crashOnOpen: true }, "Maria-Musterfrau-HIV.pdf"),
  ];
  const [row] = await database.query<{ owner_id: string }>("select owner_id from public.documents limit 1");
  await installation.files.delete(`${row?.owner_id}/${await installation.addFake({ pages: 1 })}/original`);
  host.start();
  for (const id of ids) await installation.until(id, isAtEnd);
  await host.untilLogged("document went wrong");
  await host.stop();
  const log = readFileSync(host.logPath, "utf8");
  for (const planted of ["Musterfrau", row?.owner_id as string, "original", "page 1"])
    assert.ok(!log.includes(planted), `the log has ${planted}`);
});

test("what is too old is pruned, by whichever worker the task falls to", async () => {
  const host = installation.host("pruning");
  await database.query(
    `insert into public.worker_events (worker_id, event, at) values
       ('old', 'started', now() - interval '15 days'), ('young', 'started', now() - interval '13 days')`,
  );
  await database.query(
    `insert into public.worker_memory_samples (worker_id, used_bytes, budget_bytes, at)
     select 'old', 1, 2, now() - interval '49 hours' - n * interval '1 minute' from generate_series(1, 12000) n`,
  );
  host.start();
  await host.untilLogged("worker starts");
  const scheduled = async () => {
    const rows = await database.query<{ key: string }>("select key from pgboss.schedule order by key");
    return rows.map(({ key }) => key);
  };
  while ((await scheduled()).length < 7) await new Promise(setImmediate);
  assert.deepEqual(await scheduled(), [
    ...["delete_files", "erase_expired", "erase_originals", "prune_audit", "prune_records"],
    ...["requeue_lost", "sweep_files"],
  ]);
  // What the clock would do at its minute, twice over: one runs, and one waits at most.
  for (let times = 0; times < 3; times++)
    await database.query(
      `insert into pgboss.job (name, data, singleton_key, policy)
       values ('maintenance', '{"task": "prune_records"}', 'prune_records', 'stately') on conflict do nothing`,
    );
  await host.untilLogged('"task":"prune_records","count":12001');
  const [left] = await database.query<{ events: string; samples: string }>(
    `select (select string_agg(worker_id, ',') from public.worker_events where worker_id in ('old', 'young')) as events,
       (select count(*) from public.worker_memory_samples where worker_id = 'old')::text as samples`,
  );
  assert.deepEqual(left, { events: "young", samples: "0" });
  assert.equal(await host.stop(), 0);
});

test("a worker that cannot start ends, and its supervisor tries again until it can", async () => {
  const url = await installation.cluster.createDatabase();
  const migrations = new Database(url, { poolSize: 1 });
  const history = "supabase_migrations.schema_migrations";
  await migrations.query(`create table public.hidden as select * from ${history}`);
  await migrations.query(`delete from ${history}`);
  const supervisor = startQuire(["worker", "--supervise"], { DATABASE_URL: url, LOG_FORMAT: "json" });
  let said = "";
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  while (!/schema_outdated.*quire migrate(.|\n)*"code":2.*worker process ended/.test(said)) await delay(20);
  await migrations.query(`insert into ${history} select * from public.hidden`);
  while (!said.includes("worker starts")) await delay(20);
  supervisor.kill("SIGTERM");
  const [code] = await once(supervisor, "close");
  assert.equal(code, 0);
  await untilGone(supervisor);
  await migrations.close();
});

test("without a database a worker says so in one line", async () => {
  const { code, stderr } = await runQuire(["worker"], {
    DATABASE_URL: "",
    QUIRE_HOME: `${installation.folder}/none`,
  });
  assert.equal(code, 1);
  assert.match(stderr, /^quire: database_unavailable: .*npx quire start/m);
  assert.doesNotMatch(stderr, /\n\s+at /);
});
