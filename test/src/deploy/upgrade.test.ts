import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { localOwnerId, type PageResult, readerVersion } from "@quire/core";
import { Database, Documents, type NewDocument, Queue } from "@quire/store";
import { page, startMigratedCluster } from "@quire/store/testing";
import { applyMigrations, createDatabaseOf } from "./databaseOf.ts";

/** What a worker and a service of before the second reader left in a database, and what becomes of it. */
const before = "20261121002200";
const cluster = await startMigratedCluster();
const database = new Database(await createDatabaseOf(cluster, before), { poolSize: 3 });
const documents = new Documents(database);
const oldWorker = await Queue.open(database, { workerId: "old" });
after(async () => {
  await oldWorker.close();
  await database.close();
  await cluster.stop();
});

const sha256 = (content: string) => content.repeat(64);
const add = (content: string, facts: Partial<NewDocument> = {}) =>
  documents.add({
    ...{
      id: randomUUID(),
      ownerId: localOwnerId,
      filename: "a.pdf",
      storageKey: `${localOwnerId}/${content}`,
    },
    ...{ sizeBytes: 1_000, sha256: sha256(content), options: {}, ...facts },
  });

/** Saves a page as the worker before says it, whose words say nothing of doubt. */
async function saveAsBefore(id: string, claim: number, pageNumber: number, outcome: string): Promise<void> {
  const box = { x: 1, y: 2, width: 3, height: 4 };
  const words = ["5", "mg"].map((text) => ({ text, confidence: 90, box, line: 0, block: 0 }));
  await database.query(
    `select quire.save_page($1, $2, $3, $4, 90, 1, 1, 200, 0, 5, '{}', null, null, '5 mg', $5, null, 0, 0, '{eng}')`,
    [id, claim, pageNumber, outcome, JSON.stringify(words)],
  );
}

async function claimed(queue: Queue) {
  const claim = await queue.claim("small");
  assert.ok(claim);
  return claim;
}

async function readAsBefore(content: string, outcome: string): Promise<string> {
  const { id } = await add(content);
  const claim = await claimed(oldWorker);
  await claim.describe({ pageCount: 1, contentType: "application/pdf", sha256: sha256(content) });
  await saveAsBefore(id, claim.number, 1, outcome);
  await claim.finish(0.5);
  return id;
}

async function pagesOf(id: string): Promise<PageResult[]> {
  const pages: PageResult[] = [];
  for await (const each of documents.pages(id)) pages.push(each);
  return pages;
}

test("documents of before stay readable, and what reads them again is found", async (t) => {
  const scanned = await readAsBefore("a", "recognized");
  const digital = await readAsBefore("b", "text_layer");
  for (const format of ["json", "pdf"])
    await database.query(
      `insert into outputs (document_id, run, claim, format, owner_id, size_bytes, sha256)
       values ($1, 1, 1, $2, $3, 1, $4)`,
      [scanned, format, localOwnerId, sha256("a")],
    );
  const { id: half } = await add("c");
  const begun = await claimed(oldWorker);
  await begun.describe({ pageCount: 2, contentType: "application/pdf", sha256: sha256("c") });
  await saveAsBefore(half, begun.number, 1, "recognized");

  await applyMigrations(database, (version) => version > before);

  await t.test("a page has no reader, and its numbers count as unchecked", async () => {
    const [read] = await pagesOf(scanned);
    assert.equal(read?.reader, null);
    assert.deepEqual(
      read?.words.map(({ text, uncertain }) => [text, uncertain]),
      [
        ["5", true],
        ["mg", false],
      ],
    );
    assert.equal((await documents.get(scanned)).uncertainNumbers, null);
    assert.equal((await documents.get(digital)).uncertainNumbers, 0);
  });

  await t.test("what is kept as JSON is made again, and a PDF is not", async () => {
    assert.deepEqual(await database.query("select format from outputs"), [{ format: "pdf" }]);
    assert.equal((await database.query("select from quire.files_to_delete")).length, 1);
  });

  await t.test("the old worker goes on, and the new one finishes the run", async () => {
    await database.query("select quire.begin_page($1, $2, 2, false)", [half, begun.number]);
    await begun.release();
    const newWorker = await Queue.open(database, { workerId: "new" });
    t.after(() => newWorker.close());
    const claim = await claimed(newWorker);
    assert.deepEqual([claim.documentId, [...claim.pagesRead]], [half, [1]]);
    await claim.savePage(page(2));
    assert.equal(await claim.finish(0.5), "completed");
    const readers = (await pagesOf(half)).map(({ reader }) => reader?.version ?? null);
    assert.deepEqual(readers, [null, readerVersion]);
  });

  await t.test("a page that the old worker still saves has no reader", async () => {
    const { id } = await add("d", { options: { textLayer: "never" } });
    const claim = await claimed(oldWorker);
    assert.deepEqual([claim.documentId, (claim.options as { deskew?: string }).deskew], [id, "auto"]);
    await claim.describe({ pageCount: 1, contentType: "application/pdf", sha256: sha256("d") });
    await saveAsBefore(id, claim.number, 1, "recognized");
    await claim.finish(0.5);
    assert.equal((await documents.get(id)).uncertainNumbers, null);
  });

  await t.test(
    "the same file is found where nothing was recognised, and read again where it was",
    async () => {
      assert.deepEqual(await add("b"), { id: digital, created: false });
      assert.equal((await add("a")).created, true);
      assert.equal(await documents.countReadBefore(readerVersion), 3);
    },
  );
});
