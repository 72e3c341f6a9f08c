import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import { claimed, owner, page, read, Store, sha256 } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { type Claim, ClaimLost } from "./claim.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** All that a claim can write. */
const writes: Record<string, (claim: Claim) => Promise<unknown>> = {
  begin_page: (claim) => claim.beginPage(3, { alone: true }),
  "begin_page, of a page under way": (claim) => claim.beginPage(2, { alone: true }),
  save_page: (claim) => claim.savePage(page(3)),
  "save_page, of a page it has saved": (claim) => claim.savePage(page(1)),
  describe: (claim) => claim.describe({ pageCount: 90, contentType: "image/tiff", sha256: sha256("other") }),
  finish: (claim) => claim.finish(1),
  fail: (claim) => claim.fail("corrupt_file", "It is damaged."),
  "retry, a failure": (claim) => claim.retry("failure", "storage_unavailable", "Away.", 10),
  "retry, a stall": (claim) => claim.retry("stall", "no_progress", "Nothing moved.", 10),
  move: (claim) => claim.move("large"),
  release: (claim) => claim.release(),
};

/** What may have become of a document that a claim still believes to hold. */
const fates: Record<string, (store: Store, documentId: string) => Promise<unknown>> = {
  "taken over": async (store) => {
    const next = await store.queue("worker-2");
    await store.lapse(next);
    await (await claimed(next)).beginPage(2, { alone: false });
  },
  "taken over, with every page saved": async (store) => {
    const next = await store.queue("worker-2");
    await store.lapse(next);
    const claim = await claimed(next);
    await read(claim, 3);
    await claim.beginPage(2, { alone: false });
  },
  "taken over and completed": async (store) => {
    const next = await store.queue("worker-2");
    await store.lapse(next);
    const claim = await claimed(next);
    await read(claim, 3);
    await claim.finish(0.5);
  },
  "handed back": async (store) => {
    await (await store.queue()).releaseDeadWorker("worker-1", { killed: false });
    await (await claimed(await store.queue("worker-2"))).release();
  },
  cancelled: (store, documentId) => store.documents.cancel(documentId),
  "cancelled and read anew": async (store, documentId) => {
    await store.documents.cancel(documentId);
    await store.documents.reprocess(documentId);
    await claimed(await store.queue("worker-2"));
  },
  "erased by its owner": (store, documentId) =>
    new OwnedDocuments(store.database, owner("a")).erase(documentId),
  erased: (store, documentId) => store.rows("delete from public.documents where id = $1", documentId),
};

for (const [fate, befall] of Object.entries(fates)) {
  test(`of a document that was ${fate} a stale claim changes nothing, and learns so`, async (t) => {
    const store = await Store.open(t, cluster);
    const queue = await store.queue("worker-1");
    const documentId = await store.add();
    const stale = await claimed(queue);
    await read(stale, 3, 1);
    await stale.beginPage(2, { alone: true });
    await befall(store, documentId);
    const before = await store.everything();
    for (const [name, write] of Object.entries(writes)) {
      await assert.rejects(write(stale), ClaimLost, name);
      assert.deepEqual(await store.everything(), before, name);
    }
    assert.deepEqual(await queue.hold([stale]), [stale]);
    assert.deepEqual(await store.everything(), before, "hold");
    assert.equal(await queue.releaseDeadWorker("worker-1", { killed: false }), 0);
    assert.deepEqual(await store.everything(), before, "releaseDeadWorker");
  });
}

test("what writes for a worker takes its claim's number: each function refuses a number that is none", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const claim = await claimed(await store.queue());
  await read(claim, 1);
  const before = await store.everything();
  const calls = [
    "begin_page($1, $2, 1, true)",
    "save_page($1, $2, 2, 'blank', null, 1, 1, 200, 0, 1, '{}', null, null, '', '[]')",
    "describe_document($1, $2, 5, 'image/png', null)",
    "finish_document($1, $2, 1)",
    "fail_document($1, $2, 'corrupt_file', '')",
    "retry_document($1, $2, 'failure', 'file_missing', '', 1)",
    "move_document($1, $2, 'large')",
    "release_document($1, $2)",
    "orphan_document($1, $2, true)",
  ];
  for (const call of calls)
    for (const number of [0, claim.number - 1, claim.number + 1, null]) {
      const answer = await store.value(`select quire.${call}`, id, number);
      assert.ok(answer === null || answer === false, `${call} with ${number}: ${answer}`);
    }
  assert.deepEqual(await store.everything(), before);
});
