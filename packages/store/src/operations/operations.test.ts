import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimed, owner, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { WorkerRecords } from "../workerRecords.ts";
import { Operations } from "./operations.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** Stores samples of a worker's memory, of so many minutes ago; used and budget in bytes. */
async function sampled(
  store: Store,
  worker: string,
  samples: readonly (readonly [minutesAgo: number, used: number])[],
) {
  for (const [minutesAgo, used] of samples)
    await store.rows(
      `insert into worker_memory_samples (worker_id, at, used_bytes, budget_bytes)
       values ($1, now() - $2 * interval '1 minute', $3, 512)`,
      worker,
      minutesAgo,
      used,
    );
}

async function told(store: Store, worker: string, event: string, minutesAgo: number) {
  await store.rows(
    "insert into worker_events (worker_id, event, at) values ($1, $2, now() - $3 * interval '1 minute')",
    worker,
    event,
    minutesAgo,
  );
}

test("a worker runs, is silent or has stopped, by what it told last", async (t) => {
  const store = await Store.open(t, cluster);
  const operations = new Operations(store.database);
  assert.deepEqual(await operations.workers(), []);
  await told(store, "running", "started", 60);
  await told(store, "running", "restart", 0);
  await sampled(store, "running", [
    [59, 100],
    [2, 300],
    [30, 200],
  ]);
  await told(store, "just started", "started", 1);
  await told(store, "silent", "started", 100);
  await sampled(store, "silent", [
    [99, 1],
    [4, 7],
  ]);
  await told(store, "never sampled", "started", 10);
  await told(store, "stopped", "started", 50);
  await sampled(store, "stopped", [[6, 5]]);
  await told(store, "stopped", "stopped", 5);
  await told(store, "stopped", "engine_died", 5);
  await sampled(store, "started long ago", [
    [3000, 1],
    [0, 9],
  ]);
  await told(store, "gone", "started", 3000);
  await told(store, "gone", "stopped", 2900);

  const workers = await operations.workers();
  assert.deepEqual(
    workers.map(({ id, state, usedBytes, budgetBytes }) => [id, state, usedBytes, budgetBytes]),
    [
      ["started long ago", "running", 9, 512],
      ["just started", "running", null, null],
      ["running", "running", 300, 512],
      ["silent", "silent", 7, 512],
      ["stopped", "stopped", 5, 512],
      ["never sampled", "silent", null, null],
    ],
  );
  // How long each lived: that does not depend on how long this test takes.
  const lived = workers.map(({ startedAt, lastSeenAt }) =>
    startedAt === null ? null : Math.round((Date.parse(lastSeenAt) - Date.parse(startedAt)) / 60_000),
  );
  assert.deepEqual(lived, [null, 0, 58, 96, 45, 0]);
});

test("at most 100 workers are told, those heard of last", async (t) => {
  const store = await Store.open(t, cluster);
  await store.rows(
    `insert into worker_memory_samples (worker_id, at, used_bytes, budget_bytes)
     select 'worker-' || n, now() - n * interval '10 seconds', n, 512 from generate_series(1, 150) n`,
  );
  const workers = await new Operations(store.database).workers();
  assert.deepEqual(
    workers.map(({ id }) => id),
    Array.from({ length: 100 }, (_, index) => `worker-${index + 1}`),
  );
});

test("events come from the newest on, at most 200", async (t) => {
  const store = await Store.open(t, cluster);
  const operations = new Operations(store.database);
  const records = new WorkerRecords(store.database, "worker-1");
  await records.record("restart", "after_jobs", { jobs: 100 });
  await records.record("stopped", null);
  const events = await operations.events(10);
  assert.deepEqual(
    events.map(({ at: _, ...event }) => event),
    [
      { workerId: "worker-1", event: "stopped", reason: null, figures: {} },
      { workerId: "worker-1", event: "restart", reason: "after_jobs", figures: { jobs: 100 } },
    ],
  );
  assert.ok(!Number.isNaN(Date.parse(events[0]?.at ?? "")));
  assert.equal((await operations.events(1)).length, 1);
  await store.rows(
    "insert into worker_events (worker_id, event) select 'w', 'collected' from generate_series(1, 300)",
  );
  assert.equal((await operations.events(1_000)).length, 200);
});

test("memory over time has the highest of each interval, and no more points than there is room for", async (t) => {
  const store = await Store.open(t, cluster);
  const operations = new Operations(store.database);
  assert.deepEqual(await operations.memory({ hours: 24, maxPoints: 288 }), {
    intervalSeconds: 300,
    workers: [],
  });
  await store.rows(
    `insert into worker_memory_samples (worker_id, at, used_bytes, budget_bytes)
     select worker, date_bin('1 hour', now(), 'epoch') - n * interval '1 minute', case n when 77 then 400 else n % 10 end, 512
     from generate_series(1, 180) n, unnest(array['older', 'newer']) worker where worker = 'newer' or n > 100`,
  );
  const { intervalSeconds, workers } = await operations.memory({ hours: 5, maxPoints: 60 });
  assert.equal(intervalSeconds, 300);
  assert.deepEqual(
    workers.map(({ id, samples }) => [id, samples.length]),
    [
      ["newer", 36],
      ["older", 16],
    ],
  );
  const samples = workers[0]?.samples ?? [];
  const times = samples.map(({ at }) => Date.parse(at));
  assert.ok(
    times.every(
      (time, index) => time % 300_000 === 0 && (index === 0 || time - (times[index - 1] ?? 0) === 300_000),
    ),
  );
  assert.equal(
    samples.filter(({ usedBytes }) => usedBytes === 400).length,
    1,
    "a peak of one minute is there",
  );
  assert.ok(samples.every(({ usedBytes, budgetBytes }) => usedBytes > 3 && budgetBytes === 512));

  const minute = await operations.memory({ hours: 1, maxPoints: 1_000_000 });
  assert.equal(minute.intervalSeconds, 60, "there is one sample a minute");
  assert.ok((minute.workers[0]?.samples.length ?? 0) <= 60);
  assert.equal(
    (await operations.memory({ hours: 1_000, maxPoints: 10 })).intervalSeconds,
    17_280,
    "two days",
  );
});

test("memory is told of at most 20 workers, those heard of last", async (t) => {
  const store = await Store.open(t, cluster);
  await store.rows(
    `insert into worker_memory_samples (worker_id, at, used_bytes, budget_bytes)
     select 'worker-' || n, now() - n * interval '1 minute', n, 512 from generate_series(1, 30) n`,
  );
  const { workers } = await new Operations(store.database).memory({ hours: 1, maxPoints: 60 });
  assert.deepEqual(
    workers.map(({ id }) => id),
    Array.from({ length: 20 }, (_, index) => `worker-${index + 1}`),
  );
});

test("dead letters and the depth of the queue are those of all owners", async (t) => {
  const store = await Store.open(t, cluster);
  const operations = new Operations(store.database);
  const id = await store.add({ ownerId: owner("a") });
  await (await claimed(await store.queue())).retry("failure", "engine_crashed", "Once.", 0);
  await store.rows(
    "update documents set status = 'failed', error_code = 'engine_crashed', finished_at = now()",
  );
  await store.add({ ownerId: owner("b"), sizeBytes: 30_000_000 });
  assert.deepEqual(
    (await operations.deadLetters(10)).map((letter) => letter.id),
    [id],
  );
  const { small, medium, large } = await operations.queueDepth();
  assert.deepEqual([small.waiting, medium.waiting, large.waiting], [0, 0, 1]);
});
