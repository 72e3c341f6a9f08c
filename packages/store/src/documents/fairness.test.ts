import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Queue } from "../claims/queue.ts";
import { claimed, owner, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** Adds documents named a1, b1, …: the letter is the owner. */
async function add(store: Store, names: string, priority = 0): Promise<void> {
  for (const filename of names.split(" "))
    await store.add({ filename, ownerId: owner(filename.charAt(0)), priority });
}

/** The names of the next documents, as they are claimed and read. */
async function served(store: Store, queue: Queue, count: number): Promise<string> {
  const names: string[] = [];
  while (names.length < count) {
    const claim = await claimed(queue);
    names.push((await store.documents.get(claim.documentId)).filename);
    await read(claim, 1);
    await claim.finish(0.5);
  }
  return names.join(" ");
}

test("a lone owner is served in order", async (t) => {
  const store = await Store.open(t, cluster);
  await add(store, "a1 a2 a3 a4");
  assert.equal(await served(store, await store.queue(), 4), "a1 a2 a3 a4");
});

test("owners take turns, however many one of them has waiting", async (t) => {
  const store = await Store.open(t, cluster);
  await add(store, "a1 a2 a3 a4 a5 b1 b2 c1");
  assert.equal(await served(store, await store.queue(), 8), "a1 b1 c1 a2 b2 a3 a4 a5");
});

test("whoever comes later comes in at the head, and overtakes nobody's next document", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  await add(store, "a1 a2 a3 a4");
  assert.equal(await served(store, queue, 2), "a1 a2");
  await add(store, "b1 b2");
  assert.equal(await served(store, queue, 4), "a3 b1 a4 b2");
});

test("an owner who keeps adding starves neither others nor the oldest of their own", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  await add(store, "a1 a2 a3 a4");
  const order: string[] = [];
  for (let n = 1; n <= 8; n++) {
    await add(store, `b${n} b${n}x`);
    order.push(await served(store, queue, 1));
  }
  assert.equal(order.join(" "), "a1 b1 a2 b1x a3 b2 a4 b2x");
});

test("a higher priority comes first, whoever's it is, and owners take turns within it", async (t) => {
  const store = await Store.open(t, cluster);
  await add(store, "a1 a2");
  await add(store, "c1", -20);
  await add(store, "a3 a4 b1", 20);
  assert.equal(await served(store, await store.queue(), 6), "a3 b1 a4 a1 a2 c1");
});

test("what is handed back keeps its place", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  await add(store, "a1 a2 b1");
  await (await claimed(queue)).release();
  assert.equal(await served(store, queue, 3), "a1 b1 a2");
});

test("a document that waits for its next attempt is not the head that others come in at", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  await add(store, "c1");
  await (await claimed(queue)).retry("failure", "storage_unavailable", "Away.", 600);
  await add(store, "a1 a2 a3");
  assert.equal(await served(store, queue, 2), "a1 a2");
  await add(store, "b1 b2");
  assert.equal(await served(store, queue, 3), "a3 b1 b2");
});

test("lanes have ranks of their own", async (t) => {
  const store = await Store.open(t, cluster);
  await add(store, "a1 a2 a3");
  await store.add({ sizeBytes: 6_000_000 });
  assert.equal(await store.value("select queue_rank from documents where lane = 'medium'"), 0);
});
