import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { Claim } from "../claims/claim.ts";
import { claimed, owner, page, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { OwnedDocuments } from "./ownedDocuments.ts";
import type { Standing } from "./standing.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];
const nothing: Standing = { queuePosition: null, secondsLeft: null };

/** One document's standing, as a pair. */
async function standing(store: Store, id: string, ownerId = ann): Promise<(number | null)[]> {
  const found = (await new OwnedDocuments(store.database, ownerId).standing([id])).get(id);
  return [found?.queuePosition ?? null, found?.secondsLeft ?? null];
}

/** Saves pages as if each had been saved so many seconds ago. */
async function saved(
  store: Store,
  claim: Claim,
  secondsAgo: readonly number[],
  durationMs: number,
): Promise<void> {
  for (const index of secondsAgo.keys()) await claim.savePage(page(index + 1, { durationMs }));
  // At once: within a statement, time stands still.
  await store.rows(
    `update pages set created_at = now() - ($2::float8[])[page_number] * interval '1 second' where document_id = $1`,
    claim.documentId,
    secondsAgo,
  );
}

test("the place in the queue is that of the order of claims, and is told to the owner only", async (t) => {
  const store = await Store.open(t, cluster);
  const anns = [await store.add(), await store.add(), await store.add()];
  const bens = await store.add({ ownerId: ben });
  const urgent = await store.add({ ownerId: ben, priority: 5 });
  const large = await store.add({ sizeBytes: 30_000_000 });
  const positions = async () => {
    const all = await new OwnedDocuments(store.database, ann).standing([...anns, large, bens, randomUUID()]);
    return [...all.values()].map(({ queuePosition }) => queuePosition);
  };
  assert.deepEqual(await positions(), [1, 3, 4, 0, null, null]);
  assert.deepEqual(await standing(store, urgent, ben), [0, null]);
  const queue = await store.queue();
  const order = [urgent, anns[0], bens, anns[1], anns[2]];
  for (const [index, expected] of order.entries()) {
    for (const [ahead, id] of order.slice(index).entries())
      if (id !== bens && id !== urgent) assert.equal((await standing(store, id as string))[0], ahead);
    assert.equal((await claimed(queue)).documentId, expected);
  }
});

test("who waits for the next attempt is not before others, and stands behind those who can be claimed before it", async (t) => {
  const store = await Store.open(t, cluster);
  const first = await store.add();
  const second = await store.add();
  const claim = await claimed(await store.queue());
  await claim.retry("failure", "engine_crashed", "Twice.", 60);
  assert.deepEqual([(await standing(store, first))[0], (await standing(store, second))[0]], [0, 0]);
  await store.documents.cancel(second);
  await store.add({ priority: 1 });
  assert.deepEqual((await standing(store, first))[0], 1);
});

test("of what is at its end, or was never there, nothing is known", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  await store.documents.cancel(id);
  const documents = new OwnedDocuments(store.database, ann);
  const unknown = randomUUID();
  assert.deepEqual(
    await documents.standing([id, unknown]),
    new Map([
      [id, nothing],
      [unknown, nothing],
    ]),
  );
  assert.deepEqual(await documents.standing([]), new Map());
  await assert.rejects(documents.standing(["no id"]), { code: "document_not_found" });
});

test("a document that is read takes as long as its last pages took", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const claim = await claimed(await store.queue());
  assert.deepEqual(await standing(store, id), [null, null], "nothing was read lately");
  await claim.describe({ pageCount: 22, contentType: "application/pdf", sha256: "0".repeat(64) });
  // A slow start, and then one every 4 s.
  const secondsAgo = [300, 200, ...Array.from({ length: 10 }, (_, index) => 41 - index * 4)];
  await saved(store, claim, secondsAgo, 4_000);
  assert.deepEqual(await standing(store, id), [null, 9 * 4], "ten are left, one of which is over any moment");
  await store.rows(
    "update pages set created_at = now() - (50 + 100 * (12 - page_number)) * interval '1 second' where document_id = $1",
    id,
  );
  const [, seconds = 0] = await standing(store, id);
  assert.ok(seconds !== null && 900 < seconds && seconds <= 950, "ten, one of which is half way through");
});

test("the first page of a claim is estimated by what all workers read lately", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  await store.add();
  await saved(store, await claimed(queue), [31, 28, 25, 22], 10_000);
  const id = await store.add();
  const claim = await claimed(queue);
  assert.deepEqual(
    await standing(store, id),
    [null, Math.ceil((11 + 3 + 3 + 3) / 4)],
    "unopened: one page of 1 kB",
  );
  await claim.describe({ pageCount: 10, contentType: "application/pdf", sha256: "0".repeat(64) });
  assert.deepEqual(await standing(store, id), [null, 50]);
});

test("a pause in which nothing was to be read does not count as time that a page takes", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const first = await store.add();
  await saved(store, await claimed(queue), [500, 498, 60, 58], 2_000);
  await store.documents.cancel(first);
  const id = await store.add({ sizeBytes: 2_000_000 });
  // 3 (the first), 2, 3 (after the pause), 2 s; eight pages by its size.
  assert.deepEqual(await standing(store, id), [0, 20]);
});

test("what waits takes as long as what is read and what waits before it in its lane, and itself", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const reading = await store.add();
  const claim = await claimed(queue);
  await claim.describe({ pageCount: 14, contentType: "application/pdf", sha256: "0".repeat(64) });
  await saved(store, claim, [8.5, 6.5, 4.5, 2.5], 1_000);
  const [first, second] = [
    await store.add({ sizeBytes: 1_000_000 }),
    await store.add({ sizeBytes: 500_001 }),
  ];
  const large = await store.add({ sizeBytes: 30_000_000 });
  assert.deepEqual(
    await standing(store, reading),
    [null, 18],
    "10 pages, less the one that is nearly through",
  );
  assert.deepEqual(await standing(store, first), [0, (10 + 4) * 2]);
  assert.deepEqual(await standing(store, second), [1, (10 + 4 + 3) * 2]);
  assert.deepEqual(await standing(store, large), [0, 120 * 2]);
  await store.documents.cancel(first);
  assert.deepEqual(await standing(store, second), [0, (10 + 3) * 2]);
});

test("behind a thousand others nobody counts on, nor guesses", async (t) => {
  const store = await Store.open(t, cluster);
  await store.add({ ownerId: ben, id: randomUUID() });
  await store.rows(
    `insert into documents (owner_id, filename, storage_key, size_bytes)
     select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'a.pdf', 'key', 1 from generate_series(1, 1100) n`,
  );
  const id = await store.add();
  const again = await store.add();
  await saved(store, await claimed(await store.queue()), [2, 1], 1_000);
  assert.deepEqual(await standing(store, again), [1_000, null]);
  const others = await store.rows<{ id: string; owner_id: string }>(
    "select id, owner_id from documents where status = 'queued' and owner_id <> $1 order by created_at limit 600",
    ann,
  );
  await store.rows(
    "update documents set owner_id = $1 where id = any($2)",
    ann,
    others.map((other) => other.id),
  );
  const all = await new OwnedDocuments(store.database, ann).standing([
    id,
    ...others.map((other) => other.id),
    again,
  ]);
  assert.equal(all.size, 602);
  assert.ok([...all.values()].every(({ queuePosition }) => queuePosition !== null));
});
