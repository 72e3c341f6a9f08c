import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before } from "node:test";
import { previewKey } from "../files/previewKey.ts";
import { claimed, owner, page, read, Store, sha256 } from "../testing/fixtures.ts";
import { inBothWays } from "../testing/inBothWays.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import type { DocumentList } from "./listDocuments.ts";
import type { OwnedDocuments } from "./ownedDocuments.ts";
import type { PageList } from "./ownedPages.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];

/** All that is asked for by a document's id. */
const requests: Record<string, (documents: OwnedDocuments, id: string) => Promise<unknown>> = {
  get: (documents, id) => documents.get(id),
  original: (documents, id) => documents.original(id),
  listPages: (documents, id) => documents.listPages(id, { limit: 10 }),
  page: (documents, id) => documents.page(id, 1),
  preview: (documents, id) => documents.preview(id, 1),
  pages: (documents, id) => documents.pages(id).next(),
  changesSince: (documents, id) => documents.changesSince(id, 0),
  cancel: (documents, id) => documents.cancel(id),
  redrive: (documents, id) => documents.redrive(id),
  reprocess: (documents, id) => documents.reprocess(id),
};

async function everyPart<Part extends { next: unknown }>(
  next: (after: Part["next"] | null) => Promise<Part>,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (let after: Part["next"] | null = null; ; ) {
    const part = await next(after);
    parts.push(part);
    if (part.next === null) return parts;
    after = part.next;
  }
}

/** A document of Ann's with two pages, the first of which has a picture. */
async function complete(store: Store): Promise<string> {
  const id = await store.add({ ownerId: ann, filename: "report.pdf" });
  const claim = await claimed(await store.queue());
  await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: sha256(id) });
  await claim.savePage(page(1), 4321);
  await claim.savePage(page(2, { outcome: "failed", error: { code: "page_timeout", message: "Too long." } }));
  await claim.finish(0.5);
  return id;
}

inBothWays(
  "another's document is not found, whatever is asked of it, and nothing comes of it",
  async (t, documentsOf) => {
    const store = await Store.open(t, cluster);
    const id = await complete(store);
    const bens = documentsOf(store, ben);
    const erase = (documents: OwnedDocuments, of: string) => documents.erase(of);
    const before = await store.everything();
    for (const each of [id, randomUUID(), "no id", `${id}' or true --`, ""])
      for (const [name, request] of Object.entries({ ...requests, erase }))
        await assert.rejects(request(bens, each), { code: "document_not_found" }, `${name} ${each}`);
    assert.deepEqual(await bens.list({ limit: 10 }), { documents: [], next: null });
    assert.deepEqual(await store.everything(), before);
  },
);

inBothWays("an erased document is told from one that never was, to its owner", async (t, documentsOf) => {
  const store = await Store.open(t, cluster);
  const id = await complete(store);
  const [anns, bens] = [documentsOf(store, ann), documentsOf(store, ben)];
  await anns.erase(id);
  for (const [name, request] of Object.entries(requests)) {
    await assert.rejects(request(anns, id), { code: "document_erased" }, name);
    await assert.rejects(request(bens, id), { code: "document_not_found" }, name);
  }
});

inBothWays("a document's facts, its file, its pages and their pictures", async (t, documentsOf) => {
  const store = await Store.open(t, cluster);
  const id = await complete(store);
  const documents = documentsOf(store, ann);
  const got = await documents.get(id.toUpperCase());
  assert.deepEqual(
    [got.status, got.options, got.pagesDone, got.pagesFailed, got.isBeingReadAnew],
    ["partial", { languages: ["auto"], textLayer: "auto", rotate: "auto" }, 2, 1, false],
  );
  assert.deepEqual(await documents.original(id), {
    key: `${ann}/${id}`,
    filename: "report.pdf",
    sizeBytes: 1000,
    contentType: "application/pdf",
    sha256: sha256(id),
  });
  const { summary, text, words } = await documents.page(id, 1);
  assert.deepEqual([text, words, summary.hasPreview], ["Page 1", page(1).words, true]);
  const { pages, next } = await documents.listPages(id, { limit: 10 });
  assert.deepEqual(pages[0], summary);
  assert.deepEqual([pages.length, next], [2, null]);
  assert.deepEqual(pages[1]?.error, { code: "page_timeout", message: "Too long." });
  const read = [];
  for await (const each of documents.pages(id)) read.push(each);
  assert.deepEqual(read, await store.pages(id));

  const { run, claim } = summary;
  const key = previewKey({ ownerId: ann, documentId: id, run, claim, pageNumber: 1 });
  assert.deepEqual(await documents.preview(id.toUpperCase(), 1), { key, sizeBytes: 4321, run, claim });
  const missing = { code: "page_not_found" };
  await assert.rejects(documents.preview(id, 2), missing, "it has no picture");
  for (const number of [0, 3, -1, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    await assert.rejects(documents.page(id, number), missing);
    await assert.rejects(documents.preview(id, number), missing);
  }
});

inBothWays("pages are listed in parts, of the visible run only", async (t, documentsOf) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const documents = documentsOf(store, ann);
  assert.deepEqual(await documents.listPages(id, { limit: 2 }), { pages: [], next: null });
  const first = await claimed(queue);
  await read(first, 5);
  await first.finish(0.5);
  await documents.reprocess(id);
  assert.equal((await documents.get(id)).isBeingReadAnew, true);
  const second = await claimed(queue);
  await second.savePage(page(1, { text: "New 1" }));
  const parts = await everyPart<PageList>((after) =>
    documents.listPages(id, { after: Number(after), limit: 2 }),
  );
  assert.deepEqual(
    parts.map(({ pages }) => pages.map(({ pageNumber, run }) => [pageNumber, run])),
    [
      [
        [1, 1],
        [2, 1],
      ],
      [
        [3, 1],
        [4, 1],
      ],
      [[5, 1]],
    ],
  );
  assert.deepEqual(await documents.listPages(id, { after: 2 ** 40, limit: 2 }), { pages: [], next: null });
});

inBothWays(
  "documents are listed from the newest on, in parts that neither lose nor repeat one",
  async (t, documentsOf) => {
    const store = await Store.open(t, cluster);
    const documents = documentsOf(store, ann);
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) ids.unshift(await store.add({ ownerId: ann }));
    await store.add({ ownerId: ben });
    // Three of one moment, and two that differ by a microsecond.
    await store.rows(
      "update documents set created_at = '2026-01-01 00:00:00.000002Z' where id = any($1)",
      ids.slice(8, 11),
    );
    await store.rows(
      "update documents set created_at = '2026-01-01 00:00:00.000001Z' where id = $1",
      ids[11],
    );
    const expected = [...ids.slice(0, 8), ...ids.slice(8, 11).sort().reverse(), ids[11]];

    const listed = (await everyPart<DocumentList>((after) => documents.list({ after, limit: 3 }))).map(
      (part) => part.documents.map(({ id }) => id),
    );
    assert.deepEqual(listed.flat(), expected);
    assert.deepEqual(
      listed.map(({ length }) => length),
      [3, 3, 3, 3],
    );

    const first = await documents.list({ limit: 9 });
    await store.add({ ownerId: ann });
    await documents.erase(expected[8] as string);
    const second = await documents.list({ after: first.next, limit: 9 });
    assert.deepEqual(second, { documents: second.documents, next: null });
    assert.deepEqual(
      second.documents.map(({ id }) => id),
      expected.slice(9),
    );
    assert.deepEqual(
      Object.keys(await documents.get(expected[0] as string)).sort(),
      Object.keys(second.documents[0] ?? {}).sort(),
    );
  },
);

inBothWays("documents of one status are listed in parts", async (t, documentsOf) => {
  const store = await Store.open(t, cluster);
  const documents = documentsOf(store, ann);
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.unshift(await store.add({ ownerId: ann }));
  const cancelled = ids.filter((_, index) => index % 2 === 0);
  for (const id of cancelled) await documents.cancel(id);
  const parts = await everyPart<DocumentList>((after) =>
    documents.list({ status: "cancelled", after, limit: 2 }),
  );
  assert.deepEqual(
    parts.map((part) => part.documents.map(({ id }) => id)),
    [cancelled.slice(0, 2), cancelled.slice(2)],
  );
  assert.deepEqual((await documents.list({ status: "partial", limit: 2 })).documents, []);
});

inBothWays(
  "at most 200 are listed at once, and a place that was not handed out is refused",
  async (t, documentsOf) => {
    const store = await Store.open(t, cluster);
    const documents = documentsOf(store, ann);
    await store.rows(
      `insert into documents (owner_id, filename, storage_key, size_bytes, status)
     select $1, 'a.pdf', 'key', 1, 'completed' from generate_series(1, 205)`,
      ann,
    );
    const { documents: listed, next } = await documents.list({ limit: 10_000 });
    assert.equal(listed.length, 200);
    assert.equal((await documents.list({ after: next, limit: 10_000 })).documents.length, 5);
    const forged = (text: string) => Buffer.from(text).toString("base64url");
    const id = listed[0]?.id;
    for (const after of [
      ...["x", "null", "%", "\0", forged(""), forged(`${id}`), forged(`1 ${id} 1 `), forged(`-1 ${id} 0`)],
      ...[forged(`99999999999999999 ${id} 0`), forged(`1 ${id} 9999999999`), forged(`1 ${id?.slice(1)} 0`)],
      forged(`1 ${id} 0'; drop table documents`),
    ])
      await assert.rejects(documents.list({ after, limit: 1 }), { code: "invalid_request" }, after);
    for (const micros of ["0", "9".repeat(16)])
      assert.ok(
        (await documents.list({ after: forged(`${micros} ${id} 0`), limit: 1 })).documents.length <= 1,
      );
  },
);

inBothWays("an id that another owner's document has adds nothing", async (t, documentsOf) => {
  const store = await Store.open(t, cluster);
  const id = await complete(store);
  const before = await store.everything();
  const facts = {
    filename: "b.pdf",
    storageKey: `${ben}/${id}`,
    sizeBytes: 1,
    sha256: sha256("b"),
    options: {},
  };
  await assert.rejects(documentsOf(store, ben).add({ id, ...facts }));
  assert.deepEqual(await store.everything(), before);
});
