import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, type TestContext, test } from "node:test";
import type { Lane } from "@quire/core";
import { claimed, owner, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];

async function open(
  t: TestContext,
  limits = { maxQueuedPerOwner: 1000, maxQueued: 100_000 },
): Promise<Store> {
  const store = await Store.open(t, cluster);
  await store.documents.setLimits(limits);
  return store;
}

test("a row that is inserted is queued, with every option of its queue on the job", async (t) => {
  const store = await open(t);
  const [row] = await store.rows<{ id: string; status: string; job_id: string }>(
    `insert into public.documents (owner_id, filename, storage_key, size_bytes)
     values ($1, 'a.pdf', 'a', 6000000) returning id`,
    ann,
  );
  assert.ok(row);
  const document = await store.documents.get(row.id);
  assert.deepEqual([document.status, document.lane], ["queued", "medium"]);
  const jobs = await store.rows(
    `select name, data, state, priority, policy, heartbeat_seconds, expire_seconds, retry_limit, retry_delay,
       retry_backoff, deletion_seconds, dead_letter, start_after <= now() as due,
       extract(epoch from keep_until - created_on)::int as kept, id = (select job_id from documents) as named
     from pgboss.job`,
  );
  assert.deepEqual(jobs, [
    {
      ...{
        name: "ocr-medium",
        data: { documentId: row.id },
        state: "created",
        priority: 0,
        policy: "standard",
      },
      ...{ heartbeat_seconds: 30, expire_seconds: 86_400, retry_limit: 1_000_000_000, retry_delay: 0 },
      ...{ retry_backoff: false, deletion_seconds: 86_400, dead_letter: null, due: true },
      ...{ kept: 315_360_000, named: true },
    },
  ]);
});

test("the lane is by size, in decimal megabytes, and by pages once they are known", async (t) => {
  const store = await open(t);
  const cases: [number, number, Lane][] = [
    [0, 0, "small"],
    [4_999_999, 20, "small"],
    [4_999_999, 21, "medium"],
    [5_000_000, 1, "medium"],
    [19_999_999, 80, "medium"],
    [1000, 81, "large"],
    [20_000_000, 1, "large"],
  ];
  for (const [size, pages, lane] of cases)
    assert.equal(await store.value("select quire.lane($1, $2)", size, pages), lane, `${size}, ${pages}`);
  const large = await store.add({ sizeBytes: 20_000_000 });
  assert.equal((await store.documents.get(large)).lane, "large");
});

test("options are completed, so that equal ones are equal bytes; what is none is refused", async (t) => {
  const store = await open(t);
  const id = await store.add({ options: { textLayer: "never" } });
  assert.deepEqual(await store.value("select options from documents where id = $1", id), {
    languages: ["auto"],
    textLayer: "never",
    rotate: "auto",
  });
  const withQuality = await store.add({ options: { quality: "best" } });
  assert.equal(
    await store.value("select options->>'quality' from documents where id = $1", withQuality),
    "best",
  );
  const fromOldClient = { languages: ["eng"], deskew: "never" } as { languages: string[] };
  const old = await store.add({ options: fromOldClient });
  assert.deepEqual((await store.documents.get(old)).options, {
    ...{ languages: ["eng"], textLayer: "auto", rotate: "auto" },
  });
  const bad = [
    ...[
      { textLayer: "sometimes" },
      { textLayer: null },
      { rotate: "always" },
      { quality: "perfect" },
      { languages: [] },
      { languages: ["e"] },
    ],
    ...[{ languages: "eng" }, { languages: [1] }, { languages: ["../../etc"] }, { language: ["eng"] }],
    ...[{ languages: Array.from({ length: 11 }, () => "eng") }, [], "eng", 5, null],
  ];
  for (const options of bad) {
    const insert = store.rows(
      "insert into documents (owner_id, filename, storage_key, size_bytes, options) values ($1, 'a', 'a', 1, $2)",
      ann,
      JSON.stringify(options),
    );
    await assert.rejects(insert, { code: "invalid_document" }, JSON.stringify(options));
  }
  await assert.rejects(store.add({ options: { languages: [] } }), { code: "invalid_document" });
  await assert.rejects(store.add({ options: null as never }), { code: "invalid_document" });
  assert.equal(await store.value("select count(*)::int from documents"), 3);
});

test("both bounds have their codes, and whoever is refused leaves nothing", async (t) => {
  const store = await open(t, { maxQueuedPerOwner: 2, maxQueued: 3 });
  await store.add();
  const second = await store.add();
  await assert.rejects(store.add(), { code: "owner_queue_full", message: /^2 documents/ });
  await store.add({ ownerId: ben });
  await assert.rejects(store.add({ ownerId: ben }), { code: "queue_full", message: /^3 documents/ });
  await assert.rejects(store.add({ ownerId: owner("c") }), { code: "queue_full" });
  await store.documents.cancel(second);
  await assert.rejects(store.rows("select quire.enqueue($1)", randomUUID()), { code: "document_not_found" });
  await store.add();
  await assert.rejects(store.documents.redrive(second), { code: "owner_queue_full" });
  assert.equal((await store.documents.get(second)).status, "cancelled");
  assert.equal(await store.value("select count(*)::int from documents"), 4);
});

test("what is being read does not count as waiting", async (t) => {
  const store = await open(t, { maxQueuedPerOwner: 1, maxQueued: 1 });
  await store.add();
  await claimed(await store.queue());
  await store.add();
  await assert.rejects(store.add(), { code: "owner_queue_full" });
});

test("an owner's bound is exact, also for twenty connections at once", async (t) => {
  const store = await open(t, { maxQueuedPerOwner: 7, maxQueued: 100_000 });
  const insert =
    "insert into documents (owner_id, filename, storage_key, size_bytes) values ($1, 'a', 'a', 1)";
  const added = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) => {
      const ownerId = n % 2 ? ann : ben;
      return n % 4 < 2 ? store.add({ ownerId }) : store.rows(insert, ownerId);
    }),
  );
  const refused = added.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
  assert.deepEqual(new Set(refused.map(({ reason }) => reason.code)), new Set(["owner_queue_full"]));
  assert.deepEqual(
    await store.rows(
      "select count(*)::int, count(distinct queue_rank)::int as ranks from documents group by owner_id",
    ),
    [
      { count: 7, ranks: 7 },
      { count: 7, ranks: 7 },
    ],
  );
  assert.equal(await store.value("select count(*)::int from pgboss.job"), 14);
});
