import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { ClaimLost } from "../claims/claim.ts";
import { previewKey } from "../files/previewKey.ts";
import { claimed, owner, page, read, Store, sha256 } from "../testing/fixtures.ts";
import { inBothWays } from "../testing/inBothWays.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { OwnedDocuments } from "./ownedDocuments.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];

/** What there is of a document, by table: none of it may stay. */
async function traces(store: Store, id: string): Promise<Record<string, number>> {
  const tables = ["pages", "page_contents", "pages_in_flight", "document_failures"];
  const counts: Record<string, number> = {
    documents: await store.value("select count(*)::int from documents where id = $1", id),
    "open jobs": await store.value(
      "select count(*)::int from pgboss.job where data ->> 'documentId' = $1 and state < 'completed'",
      id,
    ),
  };
  for (const table of tables)
    counts[table] = await store.value(`select count(*)::int from ${table} where document_id = $1`, id);
  return counts;
}

const none = {
  documents: 0,
  "open jobs": 0,
  pages: 0,
  page_contents: 0,
  pages_in_flight: 0,
  document_failures: 0,
};

inBothWays(
  "an erased document leaves nothing but that it was there, and tells which files to delete",
  async (t, documentsOf) => {
    const store = await Store.open(t, cluster);
    const queue = await store.queue();
    const [id, other] = [await store.add(), await store.add()];
    const failing = await claimed(queue);
    await failing.savePage(page(1), 10);
    await failing.retry("failure", "engine_crashed", "Once.", 0);
    const claim = await claimed(queue);
    assert.equal(claim.documentId, id);
    await claim.describe({ pageCount: 4, contentType: "application/pdf", sha256: sha256(id) });
    await claim.savePage(page(2), 20);
    await claim.savePage(page(3), null);
    await claim.beginPage(4, { alone: false });
    const documents = documentsOf(store, ann);

    const { keys } = await documents.erase(id.toUpperCase());
    const preview = (claimNumber: number, pageNumber: number) =>
      previewKey({ ownerId: ann, documentId: id, run: 1, claim: claimNumber, pageNumber });
    assert.deepEqual(keys.toSorted(), [`${ann}/${id}`, preview(1, 1), preview(claim.number, 2)].toSorted());
    assert.deepEqual(await traces(store, id), none);
    assert.deepEqual(
      await store.rows(
        "select document_id, owner_id, status, page_count, size_bytes::int from erased_documents",
      ),
      [{ document_id: id, owner_id: ann, status: "processing", page_count: 4, size_bytes: 1000 }],
    );
    assert.equal(await store.value("select count(*)::int from documents where id = $1", other), 1);

    assert.deepEqual(await documents.erase(id), { keys: [] }, "again: no error");
    assert.equal(await store.value("select count(*)::int from erased_documents"), 1);
  },
);

inBothWays("of a document read anew the previews of both runs are told", async (t, documentsOf) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const first = await claimed(queue);
  await first.describe({ pageCount: 1, contentType: "application/pdf", sha256: sha256(id) });
  await first.savePage(page(1), 1);
  await first.finish(0.5);
  await store.documents.reprocess(id);
  const second = await claimed(queue);
  await second.savePage(page(1), 1);
  const { keys } = await documentsOf(store, ann).erase(id);
  assert.deepEqual(keys.toSorted(), [`${ann}/${id}`, first.previewKey(1), second.previewKey(1)].toSorted());
});

inBothWays(
  "a file that is another owner's, or another document's as well, is not told",
  async (t, documentsOf) => {
    const store = await Store.open(t, cluster);
    const documents = documentsOf(store, ann);
    const foreign = await store.add({ storageKey: `${ben}/original` });
    assert.deepEqual(await documents.erase(foreign), { keys: [] });
    const similar = await store.add({ storageKey: `${ann}x/original` });
    assert.deepEqual(await documents.erase(similar), { keys: [] });
    const shared = `${ann}/shared`;
    const [one, two] = [await store.add({ storageKey: shared }), await store.add({ storageKey: shared })];
    assert.deepEqual(await documents.erase(one), { keys: [] });
    assert.deepEqual(await documents.erase(two), { keys: [shared] }, "the last one who has it");
  },
);

inBothWays("a document is erased at whatever stage it is", async (t, documentsOf) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const documents = documentsOf(store, ann);
  const stages: Record<string, (id: string) => Promise<unknown>> = {
    queued: async () => {},
    processing: () => claimed(queue),
    completed: async () => {
      const claim = await claimed(queue);
      await read(claim, 2);
      await claim.finish(0.5);
    },
    failed: async () => (await claimed(queue)).fail("corrupt_file", "It is damaged."),
    cancelled: (id) => documents.cancel(id),
  };
  for (const [stage, bring] of Object.entries(stages)) {
    const id = await store.add();
    await bring(id);
    await documents.erase(id);
    assert.deepEqual(await traces(store, id), none, stage);
    assert.equal(await store.value("select status from erased_documents where document_id = $1", id), stage);
  }
  assert.equal(await queue.claim("small"), null);
});

inBothWays(
  "what was erased does not come back by an upload that is finished once more",
  async (t, documentsOf) => {
    const store = await Store.open(t, cluster);
    const documents = documentsOf(store, ann);
    const id = randomUUID();
    const upload = {
      id,
      filename: "a.pdf",
      storageKey: `${ann}/${id}`,
      sizeBytes: 1,
      sha256: sha256(id),
      options: {},
    };
    await documents.add(upload);
    await documents.erase(id);
    for (const force of [false, true])
      await assert.rejects(documents.add({ ...upload, force }), { code: "document_erased" });
    assert.deepEqual(await traces(store, id), none);
    assert.equal(
      (await documents.add({ ...upload, id: randomUUID() })).created,
      true,
      "but by one of its own",
    );
  },
);

inBothWays(
  "a document is erased in the midst of whatever its worker writes, and the worker learns so",
  async (t, documentsOf) => {
    const store = await Store.open(t, cluster);
    const queue = await store.queue();
    const documents = documentsOf(store, ann);
    for (let round = 0; round < 10; round++) {
      const id = await store.add();
      const claim = await claimed(queue);
      await claim.describe({ pageCount: 200, contentType: "application/pdf", sha256: sha256(id) });
      let erasing: Promise<unknown> | undefined;
      const reading = (async () => {
        for (let number = 1; number <= 200; number++) {
          await claim.beginPage(number, { alone: false });
          const saving = claim.savePage(page(number), 5);
          if (number === 1 + (round % 3)) erasing = documents.erase(id);
          await saving;
        }
      })();
      await assert.rejects(reading, ClaimLost);
      await erasing;
      assert.deepEqual(await queue.hold([claim]), [claim], "its hold is lost as well");
      assert.deepEqual(await traces(store, id), none);
    }
  },
);

test("no order of erasing and what else befalls a document is a deadlock, or leaves anything", async (t) => {
  const store = await Store.open(t, cluster);
  // Without retries, so that a deadlock is seen.
  const database = store.connect(10, { retrySeconds: 0 });
  const queue = await store.queue("worker-1", database);
  const documents = new OwnedDocuments(database, ann);
  for (let round = 0; round < 15; round++) {
    const id = await store.add();
    const claim = round % 3 === 0 ? null : await claimed(queue);
    if (claim) await read(claim, 1);
    const results = await Promise.allSettled([
      documents.cancel(id),
      documents.erase(id),
      documents.erase(id),
      round % 2 ? queue.claim("small") : documents.reprocess(id),
      claim ? claim.finish(0.5) : documents.redrive(id),
      documents.erase(id),
    ]);
    for (const { status, reason } of results as PromiseRejectedResult[])
      if (status === "rejected")
        assert.ok(
          reason instanceof ClaimLost || /^document_(erased|busy)$/.test(reason.code),
          `${reason.code} ${reason}`,
        );
    const keys = [results[1], results[2], results[5]].map((result) =>
      result?.status === "fulfilled" ? (result.value as { keys: string[] }).keys.length : -1,
    );
    assert.deepEqual(keys.toSorted(), [0, 0, 1], "one of them has the file to delete");
    assert.deepEqual(await traces(store, id), none);
    assert.equal(await queue.claim("small"), null);
  }
});
