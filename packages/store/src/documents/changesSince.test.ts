import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimed, owner, page, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { OwnedDocuments } from "./ownedDocuments.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** Who watches a document: asks for what came after what it has. */
class Watcher {
  readonly #documents: OwnedDocuments;
  readonly #id: string;
  revision = 0;

  constructor(store: Store, id: string) {
    this.#documents = new OwnedDocuments(store.database, owner("a"));
    this.#id = id;
  }

  async look(): Promise<{ status: string; done: number; anew: boolean; pages: number[] }> {
    const { document, pages, hasMore } = await this.#documents.changesSince(this.#id, this.revision);
    assert.equal(hasMore, false);
    this.revision = document.revision;
    const { status, pagesDone: done, isBeingReadAnew: anew } = document;
    return { status, done, anew, pages: pages.map(({ pageNumber }) => pageNumber) };
  }
}

test("a watcher is told each page once, in the order in which they were saved, and how the document stands", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const [watcher, late] = [new Watcher(store, id), new Watcher(store, id)];
  assert.deepEqual(await watcher.look(), { status: "queued", done: 0, anew: false, pages: [] });
  const claim = await claimed(await store.queue());
  await claim.describe({ pageCount: 3, contentType: "application/pdf", sha256: "0".repeat(64) });
  await claim.savePage(page(3));
  await claim.savePage(page(1));
  assert.deepEqual(await watcher.look(), { status: "processing", done: 2, anew: false, pages: [3, 1] });
  assert.deepEqual((await watcher.look()).pages, []);
  await claim.savePage(page(2));
  await claim.finish(0.5);
  assert.deepEqual(await watcher.look(), { status: "completed", done: 3, anew: false, pages: [2] });
  assert.deepEqual((await late.look()).pages, [3, 1, 2]);
});

test("while a document is read anew its old pages are told to whoever lacks them, and the new ones when they are seen", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const first = await claimed(queue);
  await read(first, 2);
  const watcher = new Watcher(store, id);
  await watcher.look();
  await first.finish(0.5);
  await store.documents.reprocess(id);
  const second = await claimed(queue);
  await second.savePage(page(1));
  assert.deepEqual(await watcher.look(), { status: "processing", done: 1, anew: true, pages: [] });
  assert.deepEqual((await new Watcher(store, id).look()).pages, [1, 2]);
  const away = new Watcher(store, id);
  away.revision = 4;
  await second.savePage(page(2));
  await second.finish(0.5);
  const { anew, status } = await watcher.look();
  assert.deepEqual([anew, status], [false, "completed"]);
  assert.deepEqual(
    (await away.look()).pages,
    [1, 2],
    "who was away since before gets every page of the new run",
  );
});

test("of very many pages 200 are told at once, and the next ones after the last of them", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const claim = await claimed(await store.queue());
  await claim.describe({ pageCount: 450, contentType: "application/pdf", sha256: "0".repeat(64) });
  await store.rows(
    `insert into pages (document_id, run, page_number, owner_id, claim, outcome, width, height, dpi, rotation,
       duration_ms, revision)
     select $1, 1, n, $2, 1, 'blank', 1, 1, 200, 0, 1, 3 + n from generate_series(1, 450) n`,
    id,
    owner("a"),
  );
  const documents = new OwnedDocuments(store.database, owner("a"));
  const told: number[][] = [];
  for (let revision = 0, more = true; more; ) {
    const { pages, hasMore } = await documents.changesSince(id, revision);
    told.push(pages.map(({ pageNumber }) => pageNumber));
    revision = pages.at(-1)?.revision ?? revision;
    more = hasMore;
  }
  assert.deepEqual(
    told.map(({ length }) => length),
    [200, 200, 50],
  );
  assert.deepEqual(
    told.flat(),
    Array.from({ length: 450 }, (_, index) => index + 1),
  );
  assert.deepEqual((await documents.changesSince(id, Number.MAX_SAFE_INTEGER)).pages, []);
});

test("pages and revision are of one moment, while a worker saves", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const claim = await claimed(await store.queue());
  const pageCount = 60;
  await claim.describe({ pageCount, contentType: "application/pdf", sha256: "0".repeat(64) });
  const watcher = new Watcher(store, id);
  const seen: number[] = [];
  let saving = true;
  const watching = (async () => {
    do seen.push(...(await watcher.look()).pages);
    while (saving);
  })();
  for (let number = 1; number <= pageCount; number++) await claim.savePage(page(number));
  saving = false;
  await watching;
  seen.push(...(await watcher.look()).pages);
  assert.deepEqual(
    seen,
    Array.from({ length: pageCount }, (_, index) => index + 1),
  );
});
