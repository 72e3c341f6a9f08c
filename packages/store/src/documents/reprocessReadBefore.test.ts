import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readerVersion } from "@quire/core";
import type { Queue } from "../claims/queue.ts";
import { Operations } from "../operations/operations.ts";
import { claimed, finishOne, owner, page, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** A document of one page, read; by the first reader unless told otherwise. */
async function readDocument(store: Store, queue: Queue, ownerId = owner("a"), old = true): Promise<string> {
  const id = await store.add({ ownerId });
  await finishOne(queue, [page(1)]);
  if (old)
    await store.rows("update pages set reader = null, uncertain_numbers = null where document_id = $1", id);
  return id;
}

const statusOf = async (store: Store, id: string) => (await store.documents.get(id)).status;

test("documents of an older reader are queued, the newest first and as many as asked for", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const { documents } = store;
  const [oldest, middle] = [await readDocument(store, queue), await readDocument(store, queue)];
  const newest = await readDocument(store, queue);
  const current = await readDocument(store, queue, owner("a"), false);
  assert.equal(await documents.countReadBefore(readerVersion), 3);
  assert.deepEqual(await documents.reprocessReadBefore(readerVersion, { limit: 2 }), {
    queued: 2,
    remaining: 1,
  });
  for (const [id, status] of [
    [oldest, "completed"],
    [middle, "queued"],
    [newest, "queued"],
    [current, "completed"],
  ] as const)
    assert.equal(await statusOf(store, id), status);
  assert.deepEqual(await documents.reprocessReadBefore(readerVersion, { limit: 2 }), {
    queued: 1,
    remaining: 0,
  });
  assert.deepEqual(await documents.reprocessReadBefore(readerVersion, { limit: 2 }), {
    queued: 0,
    remaining: 0,
  });
  assert.deepEqual(await documents.reprocessReadBefore(1, { limit: 2 }), { queued: 0, remaining: 0 });
});

test("a new upload passes them, and what they found stays until they are read", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await readDocument(store, queue);
  await store.documents.reprocessReadBefore(readerVersion, { limit: 10 });
  assert.equal((await store.documents.get(id)).uncertainNumbers, null, "nobody counted them");
  const upload = await store.add();
  assert.equal((await claimed(queue)).documentId, upload);
  const claim = await claimed(queue);
  assert.equal(claim.documentId, id);
  assert.equal((await store.pages(id))[0]?.reader, null);
  await claim.savePage(page(1));
  await claim.finish(0.5);
  assert.equal((await store.pages(id))[0]?.reader?.version, readerVersion);
  assert.equal((await store.documents.get(id)).uncertainNumbers, 0);
});

test("who then asks for one of them does not wait behind the others", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await readDocument(store, queue);
  await store.documents.reprocessReadBefore(readerVersion, { limit: 10 });
  await store.documents.cancel(id);
  await store.documents.reprocess(id);
  assert.equal(await store.value("select priority from documents where id = $1", id), 0);
  await (await claimed(queue)).fail("corrupt_file", "It is damaged.");
  await store.rows("update documents set priority = -20");
  await store.documents.redrive(id);
  assert.equal(await store.value("select priority from documents where id = $1", id), 0);
});

test("left alone: without a file, without a recognised page, failed, cancelled, and of other owners", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const erased = await readDocument(store, queue);
  await store.rows("update documents set original_erased_at = now() where id = $1", erased);
  const digital = await readDocument(store, queue);
  await store.rows("update pages set outcome = 'text_layer' where document_id = $1", digital);
  for (const status of ["failed", "cancelled"]) {
    const id = await readDocument(store, queue);
    await store.rows("update documents set status = $2 where id = $1", id, status);
  }
  const bens = await readDocument(store, queue, owner("b"));
  const ofAnn = { ownerId: owner("a"), limit: 10 };
  assert.deepEqual(await store.documents.reprocessReadBefore(readerVersion, ofAnn), {
    queued: 0,
    remaining: 0,
  });
  const ofBen = { ownerId: owner("b"), limit: 10 };
  assert.deepEqual(await store.documents.reprocessReadBefore(readerVersion, ofBen), {
    queued: 1,
    remaining: 0,
  });
  assert.equal(await statusOf(store, bens), "queued");
});

test("half of what an owner may have waiting, and half of the queue, are left for uploads", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  for (const letter of ["a", "a", "a", "b", "b", "b"]) await readDocument(store, queue, owner(letter));
  await store.documents.setLimits({ maxQueuedPerOwner: 4, maxQueued: 6 });
  assert.deepEqual(await store.documents.reprocessReadBefore(readerVersion, { limit: 10 }), {
    queued: 3,
    remaining: 3,
  });
  const waiting = "select count(*)::int from documents where status = 'queued' and owner_id = $1";
  assert.deepEqual([await store.value(waiting, owner("a")), await store.value(waiting, owner("b"))], [1, 2]);
  await store.add({ ownerId: owner("a") });
});

test("two who ask at once queue each document once", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  for (let n = 0; n < 6; n++) await readDocument(store, queue, owner("abc".charAt(n % 3)));
  const asked = Array.from({ length: 4 }, () =>
    store.documents.reprocessReadBefore(readerVersion, { limit: 2 }),
  );
  const queued = (await Promise.all(asked)).map((each) => each.queued);
  assert.equal(
    queued.reduce((sum, each) => sum + each, 0),
    6,
  );
});

test("the operator's is the operator's to the audit log", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  await readDocument(store, queue);
  const operations = new Operations(store.database);
  assert.equal(await operations.countReadByOlderReader(), 1);
  assert.deepEqual(await operations.reprocessReadByOlderReader(100), { queued: 1, remaining: 0 });
  assert.equal(await store.value("select actor from audit_log where action = 'reprocessed'"), "operator");
});
