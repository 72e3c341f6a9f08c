import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Store } from "./testing/fixtures.ts";
import { startMigratedCluster } from "./testing/migratedCluster.ts";
import type { TestCluster } from "./testing/testDatabase.ts";
import { WorkerRecords } from "./workerRecords.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

test("samples and events are kept for their time, and no longer", async (t) => {
  const { database } = await Store.open(t, cluster);
  const records = new WorkerRecords(database, "worker-1");
  await records.sample(200_000_000.4, 512_000_000, { level: "normal" });
  await records.record("restart", "after_jobs", { jobs: 100 });
  const samples = () =>
    database.query(
      "select used_bytes::int as used, budget_bytes::int as budget, figures from worker_memory_samples",
    );
  assert.deepEqual(await samples(), [
    { used: 200_000_000, budget: 512_000_000, figures: { level: "normal" } },
  ]);
  assert.equal(await records.prune(), 0);
  await database.query("update worker_memory_samples set at = at - interval '49 hours'");
  await database.query("update worker_events set at = at - interval '15 days'");
  assert.equal(await records.prune(), 2);
  assert.deepEqual(await samples(), []);
});

test("what waits is told by lane, with the age of the oldest", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const none = { waiting: 0, oldestAgeSeconds: null };
  assert.deepEqual(await queue.depth(), { small: none, medium: none, large: none });
  const oldest = await store.add();
  await store.add();
  await store.add({ sizeBytes: 30_000_000 });
  await store.database.query("update documents set queued_at = now() - interval '1 hour' where id = $1", [
    oldest,
  ]);
  const { small, medium, large } = await queue.depth();
  assert.deepEqual([small.waiting, medium.waiting, large.waiting], [2, 0, 1]);
  assert.ok((small.oldestAgeSeconds ?? 0) >= 3600 && (large.oldestAgeSeconds ?? 3600) < 3600);
  await queue.claim("small");
  assert.equal((await queue.depth()).small.waiting, 1);
});

test("a database says when it was reached, and since when it is away", async (t) => {
  const store = await Store.open(t, cluster);
  const database = store.connect(2, { retrySeconds: 0 });
  assert.deepEqual([database.reachedAt, database.awaySince], [null, null]);
  await database.query("select 1");
  assert.ok(database.reachedAt);
  // An error of the statement's own says nothing against the database.
  await assert.rejects(database.query("select * from nowhere"));
  assert.equal(database.awaySince, null);
  await cluster.postgres.stop("immediate");
  await assert.rejects(database.query("select 1"), { code: "database_unavailable" });
  const { awaySince } = database;
  assert.ok(awaySince);
  await assert.rejects(database.query("select 1"), { code: "database_unavailable" });
  assert.equal(database.awaySince, awaySince, "since the first time");
  await cluster.postgres.restart();
  await database.query("select 1");
  assert.equal(database.awaySince, null);
  assert.deepEqual(database.connections, { used: 0, limit: 2 });
});
