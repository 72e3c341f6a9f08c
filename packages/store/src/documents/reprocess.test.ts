import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { failedPage } from "@quire/core";
import type { Queue } from "../claims/queue.ts";
import { claimed, page, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const unreadable = { code: "page_unreadable", message: "It cannot be drawn." } as const;

/** A document of three pages, read; with `failing`, its last page could not be. */
async function complete(store: Store, queue: Queue, failing = false): Promise<string> {
  const id = await store.add();
  const claim = await claimed(queue);
  await read(claim, 3, failing ? 2 : 3);
  if (failing) await claim.savePage(failedPage(3, unreadable));
  await claim.finish(0.5);
  return id;
}

const textOf = async (store: Store, id: string) => (await store.pages(id)).map(({ text }) => text).join(", ");
const runs = (store: Store) => store.rows("select run, count(*)::int from pages group by run order by run");
const old = "Page 1, Page 2, Page 3";

test("a reprocessing is written beside what is there, which goes when the new is complete", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await complete(store, queue);
  await store.documents.reprocess(id);
  const claim = await claimed(queue);
  assert.deepEqual([[...claim.pagesRead], claim.pageCount], [[], 3]);
  for (const number of [1, 2, 3]) {
    await claim.savePage(page(number, { text: `New ${number}` }));
    assert.equal(await textOf(store, id), old);
    assert.equal((await store.documents.get(id)).pagesDone, number);
  }
  assert.deepEqual(await runs(store), [
    { run: 1, count: 3 },
    { run: 2, count: 3 },
  ]);
  assert.equal(await claim.finish(0.5), "completed");
  assert.equal(await textOf(store, id), "New 1, New 2, New 3");
  assert.deepEqual(await runs(store), [{ run: 2, count: 3 }]);
  assert.equal(await store.value("select count(*)::int from page_contents"), 3);
});

test("a reprocessing goes on where a dead worker left it", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await complete(store, queue);
  await store.documents.reprocess(id);
  await (await claimed(queue)).savePage(page(2, { text: "New 2" }));
  await store.lapse(queue);
  const claim = await claimed(queue);
  assert.deepEqual([...claim.pagesRead], [2]);
  for (const number of [1, 3]) await claim.savePage(page(number, { text: `New ${number}` }));
  await claim.finish(0.5);
  assert.equal(await textOf(store, id), "New 1, New 2, New 3");
});

for (const failing of [false, true])
  for (const begun of [false, true])
    test(`a reprocessing cancelled ${begun ? "half way" : "while it waits"} leaves a ${failing ? "partial" : "complete"} document as it was`, async (t) => {
      const store = await Store.open(t, cluster);
      const queue = await store.queue();
      const id = await complete(store, queue, failing);
      const [before, pages] = [await store.documents.get(id), await store.pages(id)];
      await store.documents.reprocess(id);
      if (begun) await (await claimed(queue)).savePage(page(1, { text: "New 1" }));
      assert.equal(await store.documents.cancel(id), before.status);
      const now = await store.documents.get(id);
      const standing = ({ status, pagesDone, pagesFailed }: typeof now) => [status, pagesDone, pagesFailed];
      assert.deepEqual(standing(now), standing(before));
      assert.deepEqual(await store.pages(id), pages);
      assert.deepEqual(await runs(store), [{ run: 1, count: 3 }]);
      assert.equal(await queue.claim("small"), null);
    });

test("a reprocessing that fails leaves the old to be read, and what it has read to be gone on with", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await complete(store, queue);
  await store.documents.reprocess(id);
  const failing = await claimed(queue);
  await failing.savePage(page(1, { text: "New 1" }));
  await failing.fail("corrupt_file", "It is damaged.");
  assert.equal((await store.documents.get(id)).status, "failed");
  assert.equal(await textOf(store, id), old);
  await store.documents.redrive(id);
  const claim = await claimed(queue);
  assert.deepEqual([...claim.pagesRead], [1]);
  for (const number of [2, 3]) await claim.savePage(page(number, { text: `New ${number}` }));
  assert.equal(await textOf(store, id), old);
  await claim.finish(0.5);
  assert.equal(await textOf(store, id), "New 1, New 2, New 3");
});

test("too many failed pages in the new run: the old one stays visible, until a redrive makes up for them", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await complete(store, queue);
  await store.documents.reprocess(id);
  const claim = await claimed(queue);
  await claim.savePage(page(1));
  for (const number of [2, 3]) await claim.savePage(failedPage(number, unreadable));
  assert.equal(await claim.finish(0.5), "failed");
  assert.equal(await textOf(store, id), old);
  await store.documents.reprocess(id);
  assert.deepEqual(await runs(store), [{ run: 1, count: 3 }], "the run that failed is gone");
  await store.documents.cancel(id);
  assert.equal(await textOf(store, id), old);
});

test("a redrive reads what is missing, and no page twice", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const partial = await complete(store, queue, true);
  await store.documents.redrive(partial);
  const again = await claimed(queue);
  assert.deepEqual([again.documentId, [...again.pagesRead]], [partial, [1, 2]]);
  await again.savePage(page(3));
  assert.equal(await again.finish(0.5), "completed");

  const cancelled = await store.add();
  const claim = await claimed(queue);
  await read(claim, 3, 1);
  await store.documents.cancel(cancelled);
  await store.documents.redrive(cancelled);
  const resumed = await claimed(queue);
  assert.deepEqual([...resumed.pagesRead], [1]);
});

test("a document that was never read is read from its beginning, in the run it has", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  await (await claimed(queue)).fail("file_missing", "It is gone.");
  await store.documents.reprocess(id);
  const claim = await claimed(queue);
  await read(claim, 1);
  await claim.finish(0.5);
  assert.deepEqual(await runs(store), [{ run: 1, count: 1 }]);
});

test("whoever asks at the wrong time, or for nothing, is told so", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const { documents } = store;
  const id = await store.add();
  const busy = { code: "document_busy" };
  await assert.rejects(documents.reprocess(id), busy, "waiting");
  await assert.rejects(documents.redrive(id), busy, "waiting");
  const claim = await claimed(queue);
  await assert.rejects(documents.reprocess(id), busy, "being read");
  await assert.rejects(documents.redrive(id), busy, "being read");
  await read(claim, 1);
  await claim.finish(0.5);
  await assert.rejects(documents.redrive(id), busy, "complete");
  assert.equal(await documents.cancel(id), "completed", "too late: it keeps its status");
  const unknown = { code: "document_not_found" };
  for (const nobody of [randomUUID(), "no id", "1' or true --"]) {
    for (const ask of ["get", "reprocess", "redrive", "cancel"] as const)
      await assert.rejects(documents[ask](nobody), unknown, `${ask} ${nobody}`);
    await assert.rejects(store.pages(nobody), unknown);
    await assert.rejects(documents.find(nobody), unknown);
  }
  assert.equal(await documents.find(id.slice(0, 8).toUpperCase()), id);
});

test("who reads while another run becomes the visible one is told, and gets no mixture", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await complete(store, queue);
  const reading = store.documents.pages(id);
  assert.equal((await reading.next()).value?.text, "Page 1");
  await store.documents.reprocess(id);
  const claim = await claimed(queue);
  for (const number of [1, 2, 3]) await claim.savePage(page(number, { text: `New ${number}` }));
  assert.equal((await reading.next()).value?.text, "Page 2");
  await claim.finish(0.5);
  await assert.rejects(reading.next(), { code: "document_busy" });
});
