import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { Database, isTransient } from "./database.ts";
import { claimed, page, read, Store } from "./testing/fixtures.ts";
import { startMigratedCluster } from "./testing/migratedCluster.ts";
import type { TestCluster } from "./testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

function connect(
  t: TestContext,
  url: string,
  options: { poolSize?: number; retrySeconds?: number } = {},
): Database {
  const database = new Database(url, { poolSize: 3, applicationName: "under test", ...options });
  t.after(() => database.close());
  return database;
}

/** Ends every connection to this database but the one that asks. */
async function cutConnections(by: Database): Promise<void> {
  await by.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
}

test("as many connections as the option says, or as the URL says itself", async (t) => {
  const url = await cluster.createDatabase();
  assert.equal(connect(t, url).poolSize, 3);
  for (const parameter of ["max=2", "pool_size=2", "connection_limit=2"])
    assert.equal(connect(t, `${url}?${parameter}`).poolSize, 2, parameter);
  assert.equal(connect(t, `${url}?sslmode=disable`).poolSize, 3);
  for (const parameter of ["max=0", "pool_size=many"])
    assert.throws(() => connect(t, `${url}?${parameter}`), { code: "invalid_configuration" }, parameter);

  const database = connect(t, `${url}?pool_size=2&application_name=ours`);
  const pids = await Promise.all(
    Array.from({ length: 12 }, () =>
      database.query<{ pid: number }>("select pg_backend_pid() as pid, pg_sleep(0.01)"),
    ),
  );
  assert.equal(new Set(pids.map(([row]) => row?.pid)).size, 2);
});

test("no statement and no transaction lasts for ever", async (t) => {
  const database = connect(t, await cluster.createDatabase());
  const [row] = await database.query(
    `select current_setting('statement_timeout') as statement, current_setting('application_name') as name,
       current_setting('idle_in_transaction_session_timeout') as idle`,
  );
  assert.deepEqual(row, { statement: "30s", idle: "30s", name: "under test" });
});

test("a transaction is whole: what fails leaves nothing, and its connection can be used again", async (t) => {
  const database = connect(t, await cluster.createDatabase(), { poolSize: 1 });
  const failing = database.transaction(async (session) => {
    await session.query("update quire.limits set max_queued = 7");
    throw new Error("no");
  });
  await assert.rejects(failing, /^Error: no$/);
  await assert.rejects(database.query("select 1/0"), { code: "22012" });
  assert.deepEqual(await database.query("select max_queued from quire.limits"), [{ max_queued: 100_000 }]);
});

test("queries and transactions survive the loss of every connection, idle or busy", async (t) => {
  const url = await cluster.createDatabase();
  const [database, other] = [connect(t, url), connect(t, url, { poolSize: 1 })];
  await Promise.all([1, 2, 3].map(() => database.query("select pg_sleep(0.01)")));
  await cutConnections(other);
  assert.deepEqual(await database.query("select 1 as one"), [{ one: 1 }]);

  await other.query("select pg_advisory_lock(1)");
  const busy = database.query("select 1 as one from pg_advisory_xact_lock(1)");
  while (
    (await other.query("select from pg_locks where locktype = 'advisory' and not granted")).length === 0
  );
  await cutConnections(other);
  await other.query("select pg_advisory_unlock(1)");
  assert.deepEqual(await busy, [{ one: 1 }]);

  let attempts = 0;
  const inTransaction = database.transaction(async (session) => {
    attempts++;
    await session.query("update quire.limits set max_queued = max_queued + 1");
    if (attempts === 1) await cutConnections(other);
    return session.query("select max_queued from quire.limits");
  });
  assert.deepEqual(await inTransaction, [{ max_queued: 100_001 }]);
  assert.equal(attempts, 2);
});

test("a restart of Postgres is survived: what was asked meanwhile is answered after it, nothing saved is lost", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const claim = await claimed(queue);
  await read(claim, 20, 1);
  const restarting = cluster.postgres.restart("fast");
  for (let number = 2; number <= 20; number++) await claim.savePage(page(number));
  await restarting;
  assert.deepEqual(await queue.hold([claim]), []);
  assert.equal(await claim.finish(0.5), "completed");
  assert.equal((await store.pages(id)).length, 20);
});

test("a database that stays away is told as such, after the time given to it", async (t) => {
  const url = await cluster.createDatabase();
  const database = connect(t, url, { retrySeconds: 0.3 });
  await database.query("select 1");
  await cluster.postgres.stop("fast");
  try {
    const unavailable = { code: "database_unavailable", message: /DATABASE_URL/ };
    await assert.rejects(database.query("select 1"), unavailable);
    await assert.rejects(
      database.transaction((session) => session.query("select 1")),
      unavailable,
    );
  } finally {
    await cluster.postgres.restart();
  }
  assert.deepEqual(await database.query("select 1 as one"), [{ one: 1 }]);
});

test("a listener is woken at its start, by every document that waits, and after each reconnection", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  let woken = Promise.withResolvers<void>();
  const listening = queue.listen(() => woken.resolve());
  t.after(() => listening.close());
  const wake = async (what: () => Promise<unknown>) => {
    woken = Promise.withResolvers();
    await what();
    await woken.promise;
  };
  await woken.promise;
  await wake(() => store.add());
  const claim = await claimed(queue);
  await wake(() => claim.release());
  await wake(() => claimed(queue).then((again) => again.move("large")));
  await wake(() => cutConnections(store.database));
  await wake(() => store.add());
  await wake(() => cluster.postgres.restart());
  await wake(() => store.add());
});

test("which errors may pass by themselves", () => {
  const failing = (code: string) => Object.assign(new Error("it failed"), { code });
  const passing = [
    "08006",
    "40001",
    "40P01",
    "57P01",
    "57P03",
    "53300",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
  ];
  for (const code of passing) assert.ok(isTransient(failing(code)), code);
  for (const code of ["23505", "22012", "57014", "42501", "28P01", "3D000", "PT404"])
    assert.ok(!isTransient(failing(code)), code);
  assert.ok(isTransient(new Error("Connection terminated unexpectedly")));
  const full =
    "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size";
  assert.ok(isTransient(Object.assign(new Error(full), { code: "XX000" })));
  assert.ok(!isTransient(new Error("the connection of ideas")));
  assert.ok(!isTransient("ECONNREFUSED"));
});
