import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { owner, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { OwnedDocuments } from "./ownedDocuments.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

test("there is room while another document could be queued, of this owner and of all", async (t) => {
  const store = await Store.open(t, cluster);
  await store.documents.setLimits({ maxQueuedPerOwner: 2, maxQueued: 3 });
  for (const letter of ["a", "a", "b"]) {
    await new OwnedDocuments(store.database, owner(letter)).assertRoom();
    await store.add({ ownerId: owner(letter) });
  }
  await assert.rejects(new OwnedDocuments(store.database, owner("a")).assertRoom(), {
    code: "owner_queue_full",
  });
  await assert.rejects(new OwnedDocuments(store.database, owner("b")).assertRoom(), { code: "queue_full" });
  await assert.rejects(store.add({ ownerId: owner("b") }), { code: "queue_full" });
});

test("the last change of each document is told, of this owner's only", async (t) => {
  const store = await Store.open(t, cluster);
  const [mine, another] = [await store.add(), await store.add({ ownerId: owner("b") })];
  const documents = new OwnedDocuments(store.database, owner("a"));
  const before = await documents.revisions([mine, another]);
  assert.deepEqual([...before.keys()], [mine]);
  await store.documents.cancel(mine);
  const after = await documents.revisions([mine]);
  assert.ok((after.get(mine) ?? 0) > (before.get(mine) ?? 0));
  assert.equal((await documents.revisions([])).size, 0);
});
