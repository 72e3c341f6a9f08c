import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import { DiskFileStore } from "../files/diskFileStore.ts";
import { originalKey } from "../files/originalKey.ts";
import { claimed, owner, page, Store, sha256 } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { deleteDueFiles } from "./deleteFiles.ts";
import { eraseExpired, eraseOriginals } from "./retention.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];
const always = () => true;

interface Kept {
  readonly store: Store;
  readonly root: string;
  readonly files: DiskFileStore;
  /** Stores and adds a document, reads its one page if asked to, and makes it so many days old. @returns its id */
  keep(days: number, facts?: { ownerId?: string; isRead?: boolean }): Promise<string>;
  filesOf(id: string): Promise<string[]>;
}

async function open(t: TestContext): Promise<Kept> {
  const store = await Store.open(t, cluster);
  const root = mkdtempSync(join(tmpdir(), "quire-keeping-"));
  t.after(() => rmSync(root, { recursive: true }));
  const files = new DiskFileStore(root);
  const queue = await store.queue();
  const put = (key: string) => files.put(key, (async function* () {})());
  return {
    store,
    root,
    files,
    async keep(days, { ownerId = ann, isRead = true } = {}) {
      const id = crypto.randomUUID();
      const storageKey = originalKey(ownerId, id);
      await put(storageKey);
      await store.add({ id, ownerId, storageKey });
      if (isRead) {
        const claim = await claimed(queue);
        await claim.describe({ pageCount: 1, contentType: "application/pdf", sha256: sha256(id) });
        await put(claim.previewKey(1));
        await claim.savePage(page(1), 9);
        await claim.finish(0.5);
      }
      await store.rows(
        `update documents set queued_at = now() - $2 * interval '1 day', created_at = now() - $2 * interval '1 day',
           finished_at = finished_at - $2 * interval '1 day' where id = $1`,
        id,
        days,
      );
      return id;
    },
    async filesOf(id) {
      const keys: string[] = [];
      for await (const key of files.keysOlderThan(-1_000)) if (key.includes(id)) keys.push(key);
      return keys.toSorted();
    },
  };
}

test("what was kept long enough is erased with its files, read or not, whoever's; nothing else is", async (t) => {
  const { store, files, keep, filesOf } = await open(t);
  const read = [await keep(31), await keep(31, { ownerId: ben }), await keep(29)] as const;
  const waiting = [await keep(31, { isRead: false }), await keep(29, { isRead: false })] as const;
  const [old, young] = [
    [read[0], read[1], waiting[0]],
    [read[2], waiting[1]],
  ];
  assert.equal((await filesOf(old[0] as string)).length, 2);

  assert.equal(await eraseExpired(store.database, 30, always), 3);
  assert.equal(await eraseExpired(store.database, 30, always), 0);
  const left = await store.rows<{ id: string }>("select id from documents order by created_at, id");
  assert.deepEqual(left.map(({ id }) => id).toSorted(), young.toSorted());
  assert.equal(await deleteDueFiles(store.database, files), 5);
  for (const id of old) assert.deepEqual(await filesOf(id), []);
  for (const id of young) assert.notDeepEqual(await filesOf(id), []);
  assert.equal(await store.value("select count(*)::int from quire.files_to_delete"), 0);
  const jobs = "select count(*)::int from pgboss.job where data ->> 'documentId' = any($1)";
  assert.equal(await store.value(jobs, old), 0, "not even those that are done");
  assert.equal(await store.value(jobs, young), 2);
  await assert.rejects(new OwnedDocuments(store.database, ann).get(old[0] as string), {
    code: "document_erased",
  });
});

test("a document that is read anew is kept as long as a new one", async (t) => {
  const { store, keep } = await open(t);
  const id = await keep(400);
  await store.documents.reprocess(id);
  assert.equal(await eraseExpired(store.database, 30, always), 0);
});

test("of an original that is erased the results stay; it is neither downloaded nor read again", async (t) => {
  const { store, root, files, keep, filesOf } = await open(t);
  const [old, young, waiting] = [await keep(8), await keep(6), await keep(8, { isRead: false })];
  assert.equal(await eraseOriginals(store.database, 7, always), 1);
  assert.equal(await eraseOriginals(store.database, 7, always), 0);
  assert.equal(await deleteDueFiles(store.database, files), 1);
  assert.ok(!existsSync(join(root, originalKey(ann, old))));
  for (const id of [young, waiting]) assert.ok(existsSync(join(root, originalKey(ann, id))));

  const documents = new OwnedDocuments(store.database, ann);
  assert.notEqual((await documents.get(old)).originalErasedAt, null);
  assert.equal((await documents.get(young)).originalErasedAt, null);
  assert.equal((await store.pages(old)).length, 1, "what was read");
  assert.equal((await filesOf(old)).length, 1, "its picture");
  const before = await store.everything();
  const gone = { code: "original_erased", message: /send its file again/ };
  await assert.rejects(documents.original(old), gone);
  await assert.rejects(documents.reprocess(old), gone);
  await store.rows("update documents set status = 'partial' where id = $1", old);
  await assert.rejects(documents.redrive(old), gone);
  await store.rows("update documents set status = 'completed' where id = $1", old);
  const { "public.documents": _then, ...unchanged } = before;
  const { "public.documents": _now, ...after } = await store.everything();
  assert.deepEqual(after, unchanged, "no page was given up for it");
  assert.deepEqual((await documents.erase(old)).keys.length, 2, "erased in the end like any other");
});

test("a file that cannot be deleted is tried again later, and keeps no other from it", async (t) => {
  const { store, files, keep, filesOf } = await open(t);
  const ids = [await keep(2), await keep(2)];
  await eraseExpired(store.database, 1, always);
  const [broken] = ids as [string, string];
  const failing = {
    async delete(key: string) {
      if (key.includes(broken)) throw new Error("the disk is away");
      await files.delete(key);
    },
  };
  assert.equal(await deleteDueFiles(store.database, failing), 2);
  assert.equal(await deleteDueFiles(store.database, failing), 0, "not due yet");
  const left = "select count(*)::int from quire.files_to_delete where due_at > now() and attempts = 1";
  assert.equal(await store.value(left), 2);
  await store.rows("update quire.files_to_delete set due_at = now()");
  assert.equal(await deleteDueFiles(store.database, files), 2);
  assert.deepEqual(await filesOf(broken), []);
});

test("a file that another document has, or has again, is nobody's to delete", async (t) => {
  const { store, files, filesOf } = await open(t);
  const key = `${ann}/uploads/scan`;
  await files.put(key, (async function* () {})());
  const [one, two] = [await store.add({ storageKey: key }), await store.add({ storageKey: key })];
  const documents = new OwnedDocuments(store.database, ann);
  await documents.erase(one);
  assert.equal(await deleteDueFiles(store.database, files), 0);
  await documents.erase(two);
  await store.add({ storageKey: key });
  assert.equal(await deleteDueFiles(store.database, files), 0);
  assert.deepEqual(await filesOf("uploads"), [key]);
  assert.equal(await store.value("select count(*)::int from quire.files_to_delete"), 0);
});

test("what a run leaves that another has taken the place of goes at once", async (t) => {
  const { store, files, keep, filesOf } = await open(t);
  const id = await keep(0);
  await store.documents.reprocess(id);
  const claim = await claimed(await store.queue("another"));
  await files.put(claim.previewKey(1), (async function* () {})());
  await claim.savePage(page(1), 9);
  await claim.finish(0.5);
  assert.equal((await filesOf(id)).length, 3);
  assert.equal(await deleteDueFiles(store.database, files), 1);
  assert.deepEqual(await filesOf(id), [originalKey(ann, id), claim.previewKey(1)].toSorted());
});
