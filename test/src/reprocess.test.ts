import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { localOwnerId, readerVersion, type Word } from "@quire/core";
import { finishOne, owner, page, Store, startMigratedCluster } from "@quire/store/testing";
import { runQuire } from "./quire.ts";

const cluster = await startMigratedCluster();
const home = mkdtempSync(join(tmpdir(), "quire-reprocess-"));
after(async () => {
  await cluster.stop();
  rmSync(home, { recursive: true });
});

async function open(t: TestContext) {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  return {
    store,
    quire: (...args: string[]) => runQuire(args, { DATABASE_URL: store.url, QUIRE_HOME: home }),
    /** Adds a document of these pages, read. */
    async read(pages = [page(1)], ownerId = localOwnerId): Promise<string> {
      const id = await store.add({ ownerId });
      await finishOne(queue, pages);
      return id;
    },
  };
}

test("documents of an older reader are queued, as many as asked for, of one owner where one is named", async (t) => {
  const { store, quire, read } = await open(t);
  for (const ownerId of [localOwnerId, owner("a"), owner("a"), owner("a")]) await read([page(1)], ownerId);
  const before = `${readerVersion}`;
  assert.equal(
    (await quire("reprocess", "--reader-before", before)).stdout,
    "0 documents queued, 0 remaining\n",
  );
  await store.rows("update pages set reader = null");
  const ofOwner = await quire("reprocess", "--reader-before", before, "--owner", owner("a"), "--limit", "1");
  assert.deepEqual([ofOwner.code, ofOwner.stdout], [0, "1 document queued, 2 remaining\n"]);
  assert.equal(
    (await quire("reprocess", "--reader-before", before)).stdout,
    "3 documents queued, 0 remaining\n",
  );
  assert.equal(await store.value("select count(*)::int from documents where status = 'queued'"), 4);
  assert.deepEqual(await store.rows("select distinct priority from documents"), [{ priority: -20 }]);
});

test("where the queue is half full nothing is queued, and it says why", async (t) => {
  const { store, quire, read } = await open(t);
  await read();
  await store.rows("update pages set reader = null");
  await store.documents.setLimits({ maxQueuedPerOwner: 1, maxQueued: 10 });
  const { code, stdout } = await quire("reprocess", "--reader-before", `${readerVersion}`);
  assert.equal(code, 0);
  assert.match(stdout, /^0 documents queued, 1 remaining: the queue is half full/);
});

test("one document, or those of an older reader: never both, and never neither", async (t) => {
  const { quire, read } = await open(t);
  const id = await read();
  assert.deepEqual((await quire("reprocess", id.slice(0, 8))).stdout, "queued\n");
  for (const args of [
    [],
    [id, "--reader-before", "2"],
    [id, "--limit", "3"],
    ["--reader-before", "2", "--owner", "somebody"],
    ["--reader-before", "0"],
    ["--reader-before", "2", "--limit", "1001"],
  ]) {
    const { code, stdout } = await quire("reprocess", ...args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
  }
});

test("list and show say how many numbers are to be checked, and where", async (t) => {
  const { store, quire, read } = await open(t);
  const box = { x: 1, y: 2, width: 3, height: 4 };
  const word: Word = {
    text: "31",
    alternative: "37",
    confidence: 60,
    uncertain: true,
    box,
    line: 0,
    block: 0,
  };
  const id = await read([page(1), page(2, { words: [word, word] }), page(3), page(4, { words: [word] })]);
  assert.match((await quire("list")).stdout, /completed, 4 of 4 pages, 3 numbers to check {2,}letter\.pdf/);
  assert.match((await quire("show", id)).stdout, /^check {5}3 numbers to check, on pages 2 and 4$/m);
  await store.rows("update pages set reader = null, uncertain_numbers = null");
  assert.match((await quire("list")).stdout, /completed, 4 of 4 pages {2,}letter\.pdf/);
  assert.match((await quire("show", id)).stdout, /^check {5}not known: an earlier version read it\./m);
  assert.match((await quire("show", id, "--mark-uncertain")).stderr, /^quire: invalid_request: /);
  const json = await quire("show", id, "--format", "json", "--mark-uncertain");
  assert.deepEqual([json.code, json.stdout], [2, ""]);
  const marked = await quire("show", id, "--format", "text", "--mark-uncertain");
  assert.deepEqual([marked.code, marked.stderr], [0, ""]);
});
