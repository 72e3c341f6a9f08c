import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Planned } from "../worker/addedDocuments.ts";
import { assertEveryPageOnce, documentsLeft } from "../worker/everyPageOnce.ts";
import { Installation } from "../worker/installation.ts";
import type { WorkerHost } from "../worker/workerHost.ts";

/**
 * A deploy as Render does it: new instances beside the old ones, then SIGTERM to the old, and SIGKILL to what is still
 * there when maxShutdownDelaySeconds are over.
 */
const installation = await Installation.open();
after(() => installation.close());
const { database } = installation;
const planned: Planned[] = [];

const fake = { pages: 80, pageMs: 100 };
const documentsAtOnce = 2;
/** With four pages of a worker under way, one whose last answer is still on its way is in the middle of others. */
const pagesInHandAtLeast = 3;

test("a deploy under load loses no page, doubles none and counts no failure", async (context) => {
  const host = (name: string) =>
    installation.host(name, { WORKER_CONCURRENCY: `${documentsAtOnce}`, OCR_THREADS: "2" });
  const [leaver, hung, sleeper] = [host("old-1"), host("old-2"), host("old-3")];
  const next = [host("new-1"), host("new-2"), host("new-3")];
  const enough = (1 + documentsAtOnce) * 2 * next.length;

  for (const started of [leaver, hung, sleeper]) started.start();
  for (const started of [leaver, hung, sleeper]) await untilReading(started, enough);
  for (const started of next) started.start();
  for (const started of next) await untilReading(started, enough);

  // One does not hear the signal and never will, one not before it has lost its documents to others.
  const lost = [await freeze(hung, enough), await freeze(sleeper, enough)] as const;
  await untilReading(leaver, enough);
  const waiting = await documentsLeft(database);
  for (const old of [leaver, hung, sleeper]) old.signal("SIGTERM");
  await leaver.untilEnded();
  assert.equal(leaver.exitCode, 0);
  assert.deepEqual(await inHandOf(leaver), []);

  await lapse(lost[1]);
  await untilClaimedAnew(lost[1]);
  sleeper.signal("SIGCONT");
  await sleeper.untilEnded();
  assert.equal(sleeper.exitCode, 0);

  await hung.kill();
  await lapse(lost[0]);
  while ((await documentsLeft(database)) > 0) await delay(50);

  const { documents, pages, claims, fakePages, begun } = await assertEveryPageOnce(
    planned,
    database,
    installation.journal,
  );
  const pagesLost = lost.flat().reduce((sum, { inHand }) => sum + inHand, 0);
  const readAgain = begun - fakePages;
  assert.ok(readAgain > 0, "nobody had a page under way when it hung");
  assert.ok(readAgain <= pagesLost, `${readAgain} pages were read again, of ${pagesLost} under way`);
  for (const started of next) assert.equal(await started.stop(), 0);
  for (const { tempDir } of [leaver, sleeper, ...next]) assert.deepEqual(readdirSync(tempDir), []);

  context.diagnostic(
    `3 old and 3 new workers, ${waiting} documents not at their end; of the old one drained, one hung and was killed ` +
      `with ${lost[0].length} documents, one hung with ${lost[1].length} and woke when others had them`,
  );
  context.diagnostic(
    `${documents} documents in ${claims} claims, ${pages} pages, each saved once; 0 failures and 0 stalls counted; ` +
      `${readAgain} pages read again, of ${pagesLost} that those two had under way`,
  );
});

/** A document that a worker holds, and how many of its pages are marked as under way. */
interface Held {
  readonly id: string;
  readonly claim: number;
  readonly inHand: number;
}

/** What the worker of a host is in the middle of. */
async function inHandOf({ tempDir }: WorkerHost): Promise<Held[]> {
  const workers = readdirSync(tempDir).map((name) => name.replace("quire-worker-", ""));
  return database.query<Held>(
    `select d.id, d.claim, count(f.page_number)::int as "inHand" from public.documents d
     left join public.pages_in_flight f on f.document_id = d.id and f.claim = d.claim and f.page_number > 0
     where d.status = 'processing' and d.worker_id = any($1) group by d.id`,
    [workers],
  );
}

const isReading = (held: readonly Held[]) => held.some(({ inHand }) => inHand >= pagesInHandAtLeast);

/** Waits until this host's worker is in the middle of a document, and keeps so many in the queue meanwhile. */
async function untilReading(host: WorkerHost, enough: number): Promise<void> {
  while (!isReading(await inHandOf(host))) {
    if ((await documentsLeft(database)) < enough)
      planned.push({ id: await installation.addFake(fake), guilty: [] });
    else await delay(20);
  }
}

/** Freezes the worker of a host in the middle of a document. @returns what it holds */
async function freeze(host: WorkerHost, enough: number): Promise<Held[]> {
  for (;;) {
    await untilReading(host, enough);
    host.signal("SIGSTOP");
    const held = await inHandOf(host);
    if (isReading(held)) return held;
    host.signal("SIGCONT");
  }
}

/** What 30 seconds without a sign of life come to, without waiting them out. */
async function lapse(held: readonly Held[]): Promise<void> {
  await database.query(
    `update pgboss.job j set heartbeat_on = now() - make_interval(secs => j.heartbeat_seconds + 1)
     from public.documents d where d.job_id = j.id and d.id = any($1)`,
    [held.map(({ id }) => id)],
  );
}

async function untilClaimedAnew(held: readonly Held[]): Promise<void> {
  const claimed = "select from public.documents where id = $1 and claim > $2";
  for (const { id, claim } of held)
    while ((await database.query(claimed, [id, claim])).length === 0) await delay(20);
}
