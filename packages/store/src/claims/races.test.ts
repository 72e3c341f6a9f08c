import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";
import type { QuireError } from "@quire/core";
import { Documents } from "../documents/documents.ts";
import { claimed, owner, page, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { type Claim, ClaimLost } from "./claim.ts";
import type { Queue } from "./queue.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const unlessLost = (error: unknown) => {
  if (!(error instanceof ClaimLost)) throw error;
};

/** Rows that contradict each other, and deadlocks: there must be none, whatever raced. */
async function assertConsistent(store: Store): Promise<void> {
  const contradictions = await store.rows(`
    select d.id, d.status, d.pages_done, d.pages_failed, d.page_count, d.worker_id, c.*, j.*, m.*
    from documents d, lateral (
      select count(*) as pages, count(*) filter (where p.outcome = 'failed') as failed, count(t) as contents,
        max(p.page_number) as last, count(distinct p.run) as runs
      from pages p left join page_contents t using (document_id, run, page_number)
      where p.document_id = d.id
    ) c, lateral (
      select count(*) filter (where j.state < 'completed') as open, count(*) filter (where j.state = 'active') as active,
        count(*) filter (where j.state < 'completed' and j.id = d.job_id) as own
      from pgboss.job j where j.data ->> 'documentId' = d.id::text
    ) j, lateral (select count(*) as marks from pages_in_flight f where f.document_id = d.id) m
    where d.pages_done <> c.pages or d.pages_failed <> c.failed or c.contents <> c.pages or c.last > d.page_count
      or c.runs > 1 or d.current_run <> d.visible_run
      or case
        when d.status in ('queued', 'processing') then
          j.own <> 1 or j.open <> 1 or (d.status = 'processing') <> (j.active = 1) or d.finished_at is not null
        else
          j.open <> 0 or m.marks <> 0 or d.job_id is not null or d.worker_id is not null or d.finished_at is null
          or (d.status = 'completed' and (c.pages <> d.page_count or d.pages_failed <> 0))
      end`);
  assert.deepEqual(contradictions, []);
  const deadlocks = "select deadlocks::int from pg_stat_database where datname = current_database()";
  assert.equal(await store.value(deadlocks), 0);
}

/** Claims until nothing waits. */
async function drain(queue: Queue): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (let claim = await queue.claim("small"); claim; claim = await queue.claim("small")) claims.push(claim);
  return claims;
}

test("eight workers claim sixty documents at once: each is claimed exactly once", async (t) => {
  const store = await Store.open(t, cluster);
  const ids = await Promise.all(times(60, (n) => store.add({ ownerId: owner("abcd".charAt(n % 4)) })));
  const queues = await Promise.all(times(8, (n) => store.queue(`worker-${n}`, store.connect(3))));
  const claims = (await Promise.all(queues.flatMap((queue) => [drain(queue), drain(queue)]))).flat();
  assert.deepEqual(claims.map(({ documentId }) => documentId).sort(), ids.sort());
  assert.ok(claims.every(({ number }) => number === 1));
  await assertConsistent(store);
});

test("documents are added while they are claimed: none is missed, none is claimed twice", async (t) => {
  const store = await Store.open(t, cluster);
  const queues = await Promise.all(times(4, (n) => store.queue(`worker-${n}`, store.connect(2))));
  const found: string[] = [];
  const adding = Promise.all(times(60, (n) => store.add({ ownerId: owner("abc".charAt(n % 3)) })));
  const claiming = queues.map(async (queue) => {
    while (found.length < 60) {
      const claim = await queue.claim("small");
      if (claim) found.push(claim.documentId);
    }
  });
  const ids = await adding;
  await Promise.all(claiming);
  assert.deepEqual(found.sort(), ids.sort());
  await assertConsistent(store);
});

test("saving, finishing, cancelling, handing back, taking over at random moments: the end is consistent", async (t) => {
  const store = await Store.open(t, cluster);
  const [queue, rescuer] = [await store.queue("worker-1"), await store.queue("worker-2", store.connect(8))];
  const other = new Documents(store.connect(8));
  const disturbances = [
    (claim: Claim) => other.cancel(claim.documentId),
    (claim: Claim) => claim.release().catch(unlessLost),
    (claim: Claim) => claim.retry("failure", "page_timeout", "Slow.", 0).catch(unlessLost),
    () => rescuer.releaseDeadWorker("worker-1", { killed: false }).then(() => rescuer.claim("small")),
    () => Promise.resolve(),
  ];
  async function round(disturb: (claim: Claim) => Promise<unknown>): Promise<void> {
    const claim = await queue.claim("small");
    if (!claim) return;
    const steps: (() => Promise<unknown>)[] = [
      () => claim.beginPage(1, { alone: false }),
      () => Promise.all([1, 2].map((number) => claim.savePage(page(number)))),
      () => claim.beginPage(3, { alone: true }),
      () => Promise.all([claim.savePage(page(3)), claim.savePage(page(3))]),
      () => claim.finish(0.5),
    ];
    await claim.describe({ pageCount: 3, contentType: "application/pdf", sha256: "" }).catch(unlessLost);
    const moment = randomInt(steps.length);
    let disturbing: Promise<unknown> = Promise.resolve();
    for (const [number, step] of steps.entries()) {
      if (number === moment) disturbing = disturb(claim);
      await step().catch(unlessLost);
    }
    await disturbing;
  }
  for (let n = 0; n < 10; n++) {
    await Promise.all(times(5, () => store.add()));
    await Promise.all(disturbances.map(round));
  }
  // Whoever was freed while alive, and finished, has left a job that is nobody's: the next to come drops it.
  await drain(rescuer);
  await assertConsistent(store);
});

const endings: Record<string, (store: Store, claim: Claim, queue: Queue) => Promise<unknown>> = {
  cancelled: (store, claim) => new Documents(store.connect(1, { retrySeconds: 0 })).cancel(claim.documentId),
  "freed by a successor": (_store, _claim, queue) => queue.releaseDeadWorker("worker-1", { killed: false }),
  finished: (_store, claim) => claim.finish(0.5),
  "handed back": (_store, claim) => claim.release(),
  "tried again": (_store, claim) => claim.retry("failure", "page_timeout", "Slow.", 0),
};

for (const [ending, end] of Object.entries(endings)) {
  test(`a lapsed document is ${ending} in the middle of its next claim: nobody waits for the other`, async (t) => {
    const store = await Store.open(t, cluster);
    const queue = await store.queue("worker-1", store.connect(4, { retrySeconds: 0 }));
    const id = await store.add();
    const claim = await claimed(queue);
    await read(claim, 1);
    await store.lapse(queue);
    let ended: Promise<unknown> = Promise.resolve();
    await store.connect(1, { retrySeconds: 0 }).transaction(async (session) => {
      const [job] = await queue.boss.fetch("ocr-small", { db: session });
      assert.ok(job);
      ended = end(store, claim, queue);
      await store.blockedOrDone(ended);
      const rows = await session.query("select * from quire.claim_document($1, $2, 'worker-2')", [
        id,
        job.id,
      ]);
      if (rows.length === 0) await queue.boss.complete("ocr-small", job, null, { db: session });
    });
    await ended.catch(unlessLost);
    await assertConsistent(store);
  });
}

const late: Record<string, (claim: Claim) => Promise<unknown>> = {
  "a page is begun": (claim) => claim.beginPage(2, { alone: true }),
  "a page is saved": (claim) => claim.savePage(page(2)),
};

for (const [what, write] of Object.entries(late))
  for (const end of [
    "cancel_document($1)",
    "fail_document($1, 1, 'corrupt_file', '')",
    "release_document($1, 1)",
  ])
    test(`${what} while ${end} is on its way: it comes too late, and leaves nothing`, async (t) => {
      const store = await Store.open(t, cluster);
      const id = await store.add();
      const claim = await claimed(await store.queue());
      await read(claim, 2, 1);
      let written: Promise<unknown> = Promise.resolve();
      await store.database.transaction(async (session) => {
        await session.query(`select quire.${end}`, [id]);
        written = write(claim);
        await store.blockedOrDone(written);
      });
      await assert.rejects(written, ClaimLost);
      assert.equal(await store.value("select count(*)::int from pages_in_flight"), 0);
      assert.equal((await store.pages(id)).length, 1);
      assert.equal((await store.documents.get(id)).pagesDone, 1);
    });

test("readers of a document that is read anew, again and again, see one whole reading", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  async function readOnce(text: string): Promise<void> {
    const claim = await claimed(queue);
    await claim.describe({ pageCount: 4, contentType: "application/pdf", sha256: "" });
    await Promise.all([1, 2, 3, 4].map((number) => claim.savePage(page(number, { text }))));
    await claim.finish(0.5);
    await store.documents.reprocess(id);
  }
  await readOnce("Reading 0");
  const seen = new Set<string>();
  let done = false;
  const writing = (async () => {
    for (let n = 1; n <= 12 || seen.size < 4; n++) await readOnce(`Reading ${n}`);
    done = true;
  })();
  const check = (texts: string[]) => {
    assert.equal(texts.length, 4);
    assert.equal(new Set(texts).size, 1, texts.join());
    seen.add(texts[0] ?? "");
  };
  const whole = `select c.text from documents d join page_contents c on c.document_id = d.id and c.run = d.visible_run
    where d.id = $1`;
  const reading = times(3, async (reader) => {
    while (!done) {
      if (reader === 0) check((await store.rows<{ text: string }>(whole, id)).map(({ text }) => text));
      else
        await store.pages(id).then(
          (pages) => check(pages.map(({ text }) => text)),
          (error: unknown) => assert.equal((error as QuireError).code, "document_busy"),
        );
    }
  });
  await Promise.all([writing, ...reading]);
});
