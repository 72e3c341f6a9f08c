import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { AuditLog } from "../audit/auditLog.ts";
import { ClaimLost } from "../claims/claim.ts";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import { DiskFileStore } from "../files/diskFileStore.ts";
import { originalKey } from "../files/originalKey.ts";
import { claimed, owner, page, Store, sha256 } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { deleteDueFiles } from "./deleteFiles.ts";
import { deleteFilesOf, eraseDocuments, eraseOwner } from "./eraseForGood.ts";
import { filesAwaited, isComplete, proveErased } from "./proveErased.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];
const empty = async function* () {};

async function open(t: TestContext) {
  const store = await Store.open(t, cluster);
  const root = mkdtempSync(join(tmpdir(), "quire-erase-"));
  t.after(() => rmSync(root, { recursive: true }));
  const files = new DiskFileStore(root);
  const queue = await store.queue();
  const add = async (ownerId: string) => {
    const id = randomUUID();
    const storageKey = originalKey(ownerId, id);
    await files.put(storageKey, empty());
    return store.add({ id, ownerId, storageKey });
  };
  /** Claims the next one, and reads so many of its pages, of two. */
  const read = async (pages: number) => {
    const claim = await claimed(queue);
    await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: sha256(claim.documentId) });
    for (let number = 1; number <= pages; number++) {
      await files.put(claim.previewKey(number), empty());
      await claim.beginPage(number, { alone: false });
      await claim.savePage(page(number), 9);
    }
    return claim;
  };
  const keys = async () => {
    const found: string[] = [];
    for await (const key of files.keysOlderThan(-1_000)) found.push(key);
    return found;
  };
  return { store, files, queue, add, read, keys };
}

test("of an owner nothing is left, at whatever stage the documents were; of others everything is", async (t) => {
  const { store, files, add, read, keys } = await open(t);
  const ids = [await add(ann)];
  const finished = await read(2);
  await finished.finish(0.5);
  ids.push(await add(ann));
  const failing = await read(1);
  await failing.retry("failure", "engine_crashed", "Once.", 3_600);
  ids.push(await add(ann));
  const cancelled = await read(1);
  await store.documents.cancel(cancelled.documentId);
  const bens = await add(ben);
  await (await read(2)).finish(0.5);
  ids.push(await add(ann));
  // What a crash left: a picture of a page that was never saved, and a file whose document was never added.
  await files.put(finished.previewKey(7), empty());
  await files.put(originalKey(ann, randomUUID()), empty());
  await new AuditLog(store.database).access({
    ownerId: ann,
    documentId: ids[0] as string,
    actor: ann,
    action: "read",
    requestId: null,
  });
  const before = await proveErased(store.url, files, { ownerId: ann, documentIds: ids });
  const places = [
    "public.document_failures",
    "public.documents",
    "public.page_contents",
    "public.pages",
    "pgboss.job_common",
  ];
  assert.deepEqual(Object.keys(before.rowsLeft).toSorted(), places.toSorted());
  assert.equal(before.filesLeft, 10);
  const bensBefore = await store.rows(
    "select d.*, p.* from documents d join pages p on p.document_id = d.id",
  );

  const erased = await eraseOwner(store.database, ann);
  assert.deepEqual(erased.documentIds.toSorted(), ids.toSorted());
  assert.equal(await deleteFilesOf(store.database, files, erased), 10);
  const proof = await proveErased(store.url, files, erased);
  assert.ok(isComplete(proof), JSON.stringify(proof));
  const { rowsKept } = proof;
  assert.deepEqual(Object.keys(rowsKept), ["public.audit_log", "public.erased_documents"]);
  assert.deepEqual(await store.rows("select distinct owner_id from erased_documents"), [{ owner_id: null }]);
  const left = await keys();
  assert.equal(left.length, 3);
  assert.ok(left.every((key) => key.startsWith(`${ben}/${bens}/`)));
  assert.deepEqual(
    await store.rows(
      "select d.*, p.* from documents d join pages p on p.document_id = d.id where d.owner_id = $1",
      ben,
    ),
    bensBefore.filter(({ owner_id }) => owner_id === ben),
  );

  const again = await eraseOwner(store.database, ann);
  assert.deepEqual(again.documentIds, []);
  const upload = {
    id: ids[0] as string,
    filename: "a.pdf",
    storageKey: originalKey(ann, ids[0] as string),
    sizeBytes: 1,
  };
  await assert.rejects(
    new OwnedDocuments(store.database, ann).add({ ...upload, sha256: sha256("again"), options: {} }),
    { code: "document_erased" },
    "an upload that is finished once more does not bring it back",
  );
});

test("a table that is added later is looked through too, whatever it has the id in", async (t) => {
  const { store, files, add } = await open(t);
  const id = await add(ann);
  const erased = await eraseDocuments(store.database, [id]);
  await deleteFilesOf(store.database, files, erased);
  assert.ok(isComplete(await proveErased(store.url, files, erased)));
  for (const [type, value] of [
    ["uuid", id],
    ["uuid[]", `{${id}}`],
    ["text", `see /api/documents/${id.toUpperCase()}/text`],
    ["varchar(100)", id],
    ["json", JSON.stringify({ deep: [{ id }] })],
    ["jsonb", JSON.stringify({ [id]: 1 })],
  ] as const) {
    await store.rows(`create table quire.forgotten (at timestamptz default now(), n int, hidden ${type})`);
    await store.rows("insert into quire.forgotten (hidden) values ($1)", value);
    const { rowsLeft } = await proveErased(store.url, files, erased);
    assert.deepEqual(rowsLeft, { "quire.forgotten": 1 }, type);
    await store.rows("drop table quire.forgotten");
  }
  await files.put(`elsewhere/${id}/copy`, empty());
  const proof = await proveErased(store.url, files, erased);
  assert.deepEqual([proof.filesLeft, isComplete(proof)], [1, false]);
});

test("what a worker that was reading it stores afterwards is deleted as well, and nothing comes back", async (t) => {
  const { store, files, queue, add, read } = await open(t);
  const id = await add(ann);
  const claim = await read(1);
  const erased = await eraseDocuments(store.database, [id]);
  await deleteFilesOf(store.database, files, erased);
  // Its worker does not know yet.
  await files.put(claim.previewKey(2), empty());
  await assert.rejects(claim.savePage(page(2), 9), ClaimLost);
  assert.deepEqual(await queue.hold([claim]), [claim]);
  await assert.rejects(claim.finish(0.5), ClaimLost);
  await assert.rejects(claim.retry("failure", "engine_crashed", "Once.", 0), ClaimLost);

  const until = await filesAwaited(store.database, erased);
  assert.ok(until && until.getTime() > Date.now());
  assert.ok(!isComplete(await proveErased(store.url, files, erased)));
  assert.equal(await deleteDueFiles(store.database, files), 0);
  await store.rows("update quire.files_to_delete set due_at = now()");
  assert.ok((await deleteDueFiles(store.database, files)) > 0);
  assert.equal(await filesAwaited(store.database, erased), null);
  const proof = await proveErased(store.url, files, erased);
  assert.ok(isComplete(proof), JSON.stringify(proof));
});

test("documents are erased whoever's they are, again without an error, and none if one is unknown", async (t) => {
  const { store, add } = await open(t);
  const ids = [await add(ann), await add(ben)];
  await assert.rejects(eraseDocuments(store.database, [...ids, randomUUID()]), {
    code: "document_not_found",
  });
  assert.equal(await store.value("select count(*)::int from documents"), 2);
  await eraseDocuments(store.database, ids);
  assert.equal(await store.value("select count(*)::int from documents"), 0);
  await eraseDocuments(store.database, ids);
  const actions = await store.rows("select distinct action from audit_log where document_id = any($1)", ids);
  assert.deepEqual(actions.map(({ action }) => action).toSorted(), ["erased", "uploaded"]);
});
