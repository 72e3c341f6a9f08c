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
import { outputKey } from "../files/outputKey.ts";
import { KeptOutputs } from "../outputs/keptOutputs.ts";
import { beginOutput } from "../outputs/outputRecords.ts";
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
  const outputs = new KeptOutputs({
    ...{ database: store.database, files, tempDir: root, maxFileBytes: 1_000 },
    async *make({ pages }) {
      for await (const { text } of pages) yield Buffer.from(text);
    },
  });
  t.after(() => outputs.close());
  const add = async (ownerId: string) => {
    const id = randomUUID();
    const storageKey = originalKey(ownerId, id);
    await files.put(storageKey, empty());
    return store.add({ id, ownerId, storageKey });
  };
  /** Makes an output of a document that has been read. */
  const make = async (ownerId: string, id: string, format: string) => {
    const name = "letter.pdf";
    const facts = { format: "pdf", pageCount: 2, sizeBytes: 0, conservative: false } as const;
    const standing = await new OwnedDocuments(store.database, ownerId).output(id, format);
    await outputs.get({ standing, name, facts });
    return outputKey({ ...standing, claim: standing.claim ?? 0 });
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
  return { store, files, queue, add, read, make, outputs, keys };
}

test("of an owner nothing is left, at whatever stage the documents were; of others everything is", async (t) => {
  const { store, files, add, read, make, keys } = await open(t);
  const ids = [await add(ann)];
  const finished = await read(2);
  await finished.finish(0.5);
  for (const format of ["text", "pdf"]) await make(ann, finished.documentId, format);
  ids.push(await add(ann));
  const failing = await read(1);
  await failing.retry("failure", "engine_crashed", "Once.", 3_600);
  ids.push(await add(ann));
  const cancelled = await read(1);
  await store.documents.cancel(cancelled.documentId);
  const bens = await add(ben);
  await (await read(2)).finish(0.5);
  await make(ben, bens, "text");
  ids.push(await add(ann));
  // What a crash left: a picture of a page that was never saved, an output that was never kept, and a file whose
  // document was never added.
  await files.put(
    outputKey({ ownerId: ann, documentId: finished.documentId, run: 1, claim: 1, format: "alto" }),
    empty(),
  );
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
    "public.outputs",
    "public.page_contents",
    "public.pages",
    "pgboss.job_common",
    // Noted ahead, should nothing come of making them.
    "quire.files_to_delete",
  ];
  assert.deepEqual(Object.keys(before.rowsLeft).toSorted(), places.toSorted());
  assert.equal(before.filesLeft, 13);
  const bensBefore = await store.rows(
    "select d.*, p.* from documents d join pages p on p.document_id = d.id",
  );

  const erased = await eraseOwner(store.database, ann);
  assert.deepEqual(erased.documentIds.toSorted(), ids.toSorted());
  assert.equal(await deleteFilesOf(store.database, files, erased), 13);
  const proof = await proveErased(store.url, files, erased);
  assert.ok(isComplete(proof), JSON.stringify(proof));
  const { rowsKept } = proof;
  assert.deepEqual(Object.keys(rowsKept), ["public.audit_log", "public.erased_documents"]);
  assert.deepEqual(await store.rows("select distinct owner_id from erased_documents"), [{ owner_id: null }]);
  const left = await keys();
  assert.equal(left.length, 4);
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

test("an output that is being made of what is erased is gone with it, whoever makes it and whatever becomes of them", async (t) => {
  const { store, files, add, read, outputs, keys } = await open(t);
  const id = await add(ann);
  await (await read(2)).finish(0.5);
  const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = new KeptOutputs({
    ...{ database: store.database, files, tempDir: null, maxFileBytes: 1_000 },
    async *make() {
      yield Buffer.from("half");
      reached.resolve();
      await goOn.promise;
    },
  });
  t.after(() => slow.close());
  const facts = { format: "pdf", pageCount: 2, sizeBytes: 0, conservative: false } as const;
  const standing = await new OwnedDocuments(store.database, ann).output(id, "text");
  const making = slow.get({ standing, name: "letter.pdf", facts });
  await reached.promise;
  const erased = await eraseDocuments(store.database, [id]);
  await deleteFilesOf(store.database, files, erased);
  assert.notEqual(await filesAwaited(store.database, erased), null, "the command waits for it");
  assert.ok(!isComplete(await proveErased(store.url, files, erased)), "nor is it proved yet");
  goOn.resolve();
  await assert.rejects(making, { code: "document_busy" });
  assert.equal(await filesAwaited(store.database, erased), null, "not any longer than the making takes");
  assert.ok(isComplete(await proveErased(store.url, files, erased)));
  assert.deepEqual(await keys(), []);
  // And whoever had looked it up before begins none.
  await assert.rejects(outputs.get({ standing, name: "letter.pdf", facts }), { code: "document_not_found" });
  assert.ok(isComplete(await proveErased(store.url, files, erased)));

  // Where the maker dies, what it stored is found when its time is over.
  const dead = await add(ann);
  await (await read(2)).finish(0.5);
  const of = { ownerId: ann, documentId: dead, run: 1, claim: 1, format: "text" };
  assert.ok(await beginOutput(store.database, of, 60));
  const then = await eraseDocuments(store.database, [dead]);
  await deleteFilesOf(store.database, files, then);
  await files.put(outputKey(of), empty());
  assert.notEqual(await filesAwaited(store.database, then), null);
  await store.rows("update quire.files_to_delete set due_at = now()");
  await deleteDueFiles(store.database, files);
  assert.ok(isComplete(await proveErased(store.url, files, then)));
});
