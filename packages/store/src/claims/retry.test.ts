import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimed, page, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import type { Claim } from "./claim.ts";
import type { Queue } from "./queue.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** Claims the one document there is, however long it would have to wait. */
async function claimedNow(store: Store, queue: Queue): Promise<Claim> {
  await store.rows("update pgboss.job set start_after = now() where state < 'active'");
  return claimed(queue);
}

/** How long the job that waits was told to. */
function delaySeconds(store: Store): Promise<number> {
  return store.value(
    "select extract(epoch from start_after - created_on)::int from pgboss.job where state < 'active'",
  );
}

test("a failure waits, the second twice as long, and the third is the last", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  for (const delay of [10, 20]) {
    const claim = await claimedNow(store, queue);
    assert.equal(await claim.retry("failure", "storage_unavailable", "Away.", 10), "queued");
    assert.equal(await delaySeconds(store), delay);
    assert.equal(await queue.claim("small"), null);
  }
  const last = await claimedNow(store, queue);
  assert.equal(await last.retry("failure", "file_missing", "It is gone.", 10), "failed");
  const document = await store.documents.get(id);
  assert.deepEqual([document.status, document.failures, document.stalls], ["failed", 3, 0]);
  assert.deepEqual([document.errorCode, document.errorMessage], ["file_missing", "It is gone."]);
  assert.deepEqual(
    (await store.documents.story(id)).map(({ code }) => code),
    ["storage_unavailable", "storage_unavailable", "file_missing"],
  );
  assert.deepEqual(
    (await store.documents.deadLetters(10)).map((letter) => letter.id),
    [id],
  );
  assert.equal(await store.value("select count(*)::int from pgboss.job where state < 'completed'"), 0);
});

test("a failure counts also when the claim brought pages, which are kept", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  for (let pages = 1; pages <= 3; pages++) {
    const claim = await claimedNow(store, queue);
    await read(claim, 5, pages);
    await claim.retry("failure", "storage_unavailable", "Away.", 10);
  }
  const { status, pagesDone } = await store.documents.get(id);
  assert.deepEqual([status, pagesDone], ["failed", 3]);
});

test("a stall counts only when the claim brought no new page", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  for (let pages = 1; pages <= 5; pages++) {
    const claim = await claimedNow(store, queue);
    await read(claim, 9, pages);
    assert.equal(await claim.retry("stall", "no_progress", "Nothing moved.", 10), "queued");
    assert.equal(await delaySeconds(store), 10);
  }
  const { stalls, failures } = await store.documents.get(id);
  assert.deepEqual([stalls, failures], [0, 0]);
});

test("three stalls in a row are the last; a page in between begins the count anew", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const stall = async (claim: Claim) => claim.retry("stall", "no_progress", "Nothing moved.", 10);
  assert.equal(await stall(await claimedNow(store, queue)), "queued");
  assert.equal(await stall(await claimedNow(store, queue)), "queued");
  assert.equal(await delaySeconds(store), 20);
  const moved = await claimedNow(store, queue);
  await read(moved, 2, 1);
  assert.equal(await stall(moved), "queued");
  assert.equal((await store.documents.get(id)).stalls, 0);
  assert.equal(await stall(await claimedNow(store, queue)), "queued");
  assert.equal(await stall(await claimedNow(store, queue)), "queued");
  assert.equal(await stall(await claimedNow(store, queue)), "failed");
  const { status, stalls, failures, errorCode } = await store.documents.get(id);
  assert.deepEqual([status, stalls, failures, errorCode], ["failed", 3, 0, "no_progress"]);
});

test("a failure that ends for good keeps what was read, and its story keeps the last twenty entries", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  for (let n = 1; n <= 25; n++) {
    const claim = await claimedNow(store, queue);
    if (n === 1) await read(claim, 2, 1);
    await claim.fail("corrupt_file", `Attempt ${n}.`);
    await store.documents.redrive(id);
  }
  const story = await store.documents.story(id);
  assert.deepEqual(
    [story.length, story[0]?.message, story.at(-1)?.message],
    [20, "Attempt 6.", "Attempt 25."],
  );
  const last = await claimedNow(store, queue);
  assert.deepEqual([last.number, [...last.pagesRead]], [26, [1]]);
  await last.savePage(page(2));
  assert.equal(await last.finish(0.5), "completed");
});
