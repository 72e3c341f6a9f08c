import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimed, page, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import type { Claim, Suspect } from "./claim.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const suspects = (...list: [number, number][]): Suspect[] =>
  list.map(([pageNumber, deaths]) => ({ pageNumber, deaths, kills: 0 }));

/** Worker 1 holds a document of six pages, of which it has saved one. */
async function held(store: Store): Promise<Claim> {
  await store.add();
  const claim = await claimed(await store.queue("worker-1"));
  await read(claim, 6, 1);
  return claim;
}

/** The two ways in which others learn that a worker is dead. */
const discoveries = {
  "its heartbeat lapsed": async (store: Store) => store.lapse(await store.queue("finder")),
  "its successor says so": async (store: Store) => {
    assert.equal(await (await store.queue("finder")).releaseDeadWorker("worker-1", { killed: false }), 1);
  },
};

for (const [how, discover] of Object.entries(discoveries)) {
  test(`a worker died (${how}): its pages are kept, what it had under way is suspect`, async (t) => {
    const store = await Store.open(t, cluster);
    const lost = await held(store);
    for (const number of [2, 4]) await lost.beginPage(number, { alone: false });
    await lost.beginPage(3, { alone: false });
    await lost.savePage(page(3));
    await discover(store);
    const claim = await claimed(await store.queue("worker-2"));
    assert.deepEqual([claim.documentId, claim.number], [lost.documentId, lost.number + 1]);
    assert.deepEqual([...claim.pagesRead], [1, 3]);
    assert.deepEqual(claim.suspects, suspects([2, 0], [4, 0]));
    const { failures, stalls } = await store.documents.get(claim.documentId);
    assert.deepEqual([failures, stalls, await store.documents.story(claim.documentId)], [0, 0, []]);
  });
}

test("only a page that was read alone has a death to explain, and every one of them is counted", async (t) => {
  const store = await Store.open(t, cluster);
  let claim = await held(store);
  await claim.beginPage(2, { alone: false });
  await claim.beginPage(3, { alone: false });
  for (let deaths = 1; deaths <= 3; deaths++) {
    await store.lapse(await store.queue());
    claim = await claimed(await store.queue(`worker-${deaths + 1}`));
    assert.deepEqual(claim.suspects, suspects([2, deaths - 1], [3, 0]));
    await claim.beginPage(2, { alone: true });
  }
  await claim.savePage(page(2));
  await claim.beginPage(3, { alone: true });
  await store.lapse(await store.queue());
  assert.deepEqual((await claimed(await store.queue())).suspects, suspects([3, 1]));
});

test("a death is charged once, also when the next worker dies before it begins anything", async (t) => {
  const store = await Store.open(t, cluster);
  const claim = await held(store);
  await claim.beginPage(2, { alone: true });
  for (let round = 0; round < 2; round++) {
    await store.lapse(await store.queue());
    assert.deepEqual((await claimed(await store.queue("next"))).suspects, suspects([2, 1]));
  }
});

test("the opening is a suspect like a page, until it is done", async (t) => {
  const store = await Store.open(t, cluster);
  await store.add();
  await (await claimed(await store.queue())).beginPage(0, { alone: true });
  await store.lapse(await store.queue());
  const claim = await claimed(await store.queue());
  assert.deepEqual(claim.suspects, suspects([0, 1]));
  await read(claim, 2, 1);
  await store.lapse(await store.queue());
  assert.deepEqual((await claimed(await store.queue())).suspects, []);
});

test("a document that is handed back keeps the suspects that nobody came to, and their deaths", async (t) => {
  const store = await Store.open(t, cluster);
  const first = await held(store);
  await first.beginPage(2, { alone: true });
  await store.lapse(await store.queue());
  const second = await claimed(await store.queue());
  await second.beginPage(3, { alone: false });
  await second.beginPage(2, { alone: true });
  await second.release();
  const third = await claimed(await store.queue());
  assert.deepEqual(third.suspects, suspects([2, 1]));
});

test("of the jobs of many workers only those that were not held lapse", async (t) => {
  const store = await Store.open(t, cluster);
  const ids = [await store.add(), await store.add()];
  const [first, second] = [await store.queue("worker-1"), await store.queue("worker-2")];
  const [dead, alive] = [await claimed(first), await claimed(second)];
  assert.deepEqual([dead.documentId, alive.documentId], ids);
  await store.rows(
    "update pgboss.job set heartbeat_on = now() - interval '29 seconds' where id = $1",
    alive.job.id,
  );
  await store.rows(
    "update pgboss.job set heartbeat_on = now() - interval '31 seconds' where id = $1",
    dead.job.id,
  );
  await store.rows("update pgboss.queue set monitor_on = null, monitor_claim_on = null");
  await second.boss.supervise();
  assert.deepEqual(await second.hold([dead, alive]), [dead]);
  assert.equal((await claimed(second)).documentId, dead.documentId);
  assert.equal(await second.claim("small"), null);
});

test("one that lapsed but lives may still save its pages until another claims, and then finish nobody's", async (t) => {
  const store = await Store.open(t, cluster);
  const claim = await held(store);
  const next = await store.queue("worker-2");
  await store.lapse(next);
  for (let number = 2; number <= 6; number++) await claim.savePage(page(number));
  assert.equal(await claim.finish(0.5), "completed");
  assert.equal(await next.claim("small"), null, "the job that lapsed is dropped");
  assert.equal(await store.value("select count(*)::int from pgboss.job where state < 'completed'"), 0);
});

test("what a dead worker held is freed as often as it is said, and no more", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue("worker-2");
  for (let n = 0; n < 3; n++) await store.add();
  const dead = await store.queue("worker-1");
  for (let n = 0; n < 3; n++) await claimed(dead);
  await Promise.all([1, 2, 3].map(() => queue.releaseDeadWorker("worker-1", { killed: false })));
  const claims = [await claimed(queue), await claimed(queue), await claimed(queue)];
  assert.equal(new Set(claims.map(({ documentId }) => documentId)).size, 3);
  assert.equal(await queue.claim("small"), null);
  assert.equal(await queue.releaseDeadWorker("worker-1", { killed: false }), 0);
  assert.deepEqual(await queue.hold(claims), []);
});

test("a worker that was taken for dead and lives takes its death back", async (t) => {
  const store = await Store.open(t, cluster);
  const alive = await held(store);
  await alive.beginPage(2, { alone: true });
  await store.lapse(await store.queue("finder"));
  const queue = await store.queue("worker-2");
  await claimed(queue);
  const deaths = () => store.database.query("select page_number, deaths from public.pages_in_flight");
  assert.deepEqual(await deaths(), [{ page_number: 2, deaths: 1 }]);
  await queue.acquit(alive);
  assert.deepEqual(await deaths(), [{ page_number: 2, deaths: 0 }]);
  await queue.acquit(alive);
  assert.deepEqual(await deaths(), [{ page_number: 2, deaths: 0 }]);
});

test("a document whose job somebody removed is put back, and nothing else", async (t) => {
  const store = await Store.open(t, cluster);
  const lost = await held(store);
  await store.add();
  const queue = await store.queue("worker-2");
  assert.equal(await queue.requeueLost(), 0);
  await store.database.query("delete from pgboss.job where id = $1", [lost.job.id]);
  assert.equal(await queue.requeueLost(), 1);
  assert.equal(await queue.requeueLost(), 0);
  await assert.rejects(lost.savePage(page(2)), { name: "ClaimLost" });
  const claims = [await claimed(queue), await claimed(queue)];
  const again = claims.find(({ documentId }) => documentId === lost.documentId);
  assert.deepEqual([...(again?.pagesRead ?? [])], [1]);
});

test("a worker that somebody killed is charged to its page as a kill, not as a death", async (t) => {
  const store = await Store.open(t, cluster);
  const lost = await held(store);
  await lost.beginPage(2, { alone: true });
  await lost.beginPage(3, { alone: false });
  const queue = await store.queue("worker-2");
  assert.equal(await queue.releaseDeadWorker("worker-1", { killed: true }), 1);
  const claim = await claimed(queue);
  assert.deepEqual(claim.suspects, [
    { pageNumber: 2, deaths: 0, kills: 1 },
    { pageNumber: 3, deaths: 0, kills: 0 },
  ]);
  await claim.release();
  assert.deepEqual((await claimed(queue)).suspects, claim.suspects);
});
