import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@quire/store";
import { addMixedDocuments, type Planned } from "./addedDocuments.ts";
import { Installation } from "./installation.ts";
import type { WorkerHost } from "./workerHost.ts";

/** `npm run test:chaos` asks for more of both. */
const kills = Number(process.env.CHAOS_KILLS ?? 8);
const documentCount = Number(process.env.CHAOS_DOCUMENTS ?? 40);

const installation = await Installation.open({ durable: true });
after(() => installation.close());

test("whatever is killed, every document finishes and every page is there once", async (context) => {
  const { database, cluster, filesFolder } = installation;
  const [first, second] = [installation.host("a"), installation.host("b")];
  const planned = await addMixedDocuments(documentCount, installation);
  for (const host of [first, second]) host.start();

  const done = { worker: 0, engine: 0, database: 0 };
  for (let kill = 0; kill < kills; kill++) {
    await delay(500 + Math.random() * 2_500);
    const host = Math.random() < 0.5 ? first : second;
    if (kill === Math.floor(kills / 2)) {
      await cluster.postgres.restart("immediate");
      done.database++;
    } else if (Math.random() < 0.5) {
      if (host.killEngine()) done.engine++;
    } else {
      await host.kill();
      done.worker++;
      host.start();
    }
  }
  // One host is gone for good, with documents in hand: the other sees its heartbeats lapse.
  const addAnother = async () => {
    planned.push({ id: await installation.addFake({ pages: 20, pageMs: 200 }), guilty: [] });
  };
  const held = await untilHolding(first, database, addAnother);
  await first.kill();
  done.worker++;
  const lostAt = performance.now();
  await untilFinished(database);
  const seconds = ((performance.now() - lostAt) / 1000).toFixed(0);

  await verify(planned, database, installation.journal, context.diagnostic.bind(context));
  context.diagnostic(
    `killed: ${done.worker} workers, ${done.engine} engines; database restarted ${done.database} times; ` +
      `the last worker held ${held} documents, and nobody came after it: all ended ${seconds} s later`,
  );

  assert.equal(await second.stop(), 0);
  assert.deepEqual(readdirSync(second.tempDir), [], "temporary files are left");
  assert.deepEqual(readdirSync(join(filesFolder, ".incoming")), []);
  const locks = await database.query("select * from pg_locks where locktype = 'advisory'");
  assert.deepEqual(locks, []);
});

/** More than the other host can take: some are this one's. */
const openAtLeast = 8;

/** Adds documents until this host's worker reads something. @returns how many it reads */
async function untilHolding(
  { tempDir }: WorkerHost,
  database: Database,
  addAnother: () => Promise<void>,
): Promise<number> {
  for (;;) {
    const workers = readdirSync(tempDir).map((name) => name.replace("quire-worker-", ""));
    const [row] = await database.query<{ count: number }>(
      "select count(*)::int from public.documents where status = 'processing' and worker_id = any($1)",
      [workers],
    );
    if (row && row.count > 0) return row.count;
    if ((await documentsLeft(database)) < openAtLeast) await addAnother();
    else await delay(20);
  }
}

/** The database is asked until nothing is left to do; the test's own time limit ends a wait for ever. */
async function untilFinished(database: Database): Promise<void> {
  while ((await documentsLeft(database)) > 0) await delay(250);
}

async function documentsLeft(database: Database): Promise<number> {
  const [row] = await database.query<{ left: number }>(
    "select count(*)::int as left from public.documents where status in ('uploaded', 'queued', 'processing')",
  );
  return row?.left ?? 0;
}

async function verify(
  planned: readonly Planned[],
  database: Database,
  journal: string,
  say: (message: string) => void,
): Promise<void> {
  const saved = new Map<string, number>();
  let pagesInAll = 0;
  let claims = 0;
  for (const { id, guilty } of planned) {
    const [document] = await database.query<{
      status: string;
      page_count: number;
      failures: number;
      stalls: number;
      claim: number;
      error_code: string | null;
    }>("select * from public.documents where id = $1", [id]);
    assert.ok(document);
    const pages = await database.query<{
      page_number: number;
      outcome: string;
      at: number;
      error: string | null;
    }>(
      `select page_number, outcome, error_code || ': ' || error_message as error, extract(epoch from created_at) * 1000 as at
       from public.pages where document_id = $1 order by page_number`,
      [id],
    );
    const shown = JSON.stringify([document, pages.filter(({ error }) => error !== null)]);
    assert.equal(document.status, guilty.length > 0 ? "partial" : "completed", shown);
    assert.equal(document.failures, 0, shown);
    assert.equal(document.stalls, 0, shown);
    assert.deepEqual(
      pages.map(({ page_number }) => page_number),
      Array.from({ length: document.page_count }, (_, index) => index + 1),
    );
    assert.deepEqual(
      pages.filter(({ outcome }) => outcome === "failed").map(({ page_number }) => page_number),
      guilty,
    );
    for (const { page_number, at } of pages) saved.set(`${id} ${page_number}`, Number(at));
    pagesInAll += pages.length;
    claims += document.claim;
  }
  const left = await database.query("select * from public.pages_in_flight");
  assert.deepEqual(left, []);
  const jobs = await database.query(
    "select name, state from pgboss.job where name like 'ocr-%' and state < 'completed'",
  );
  assert.deepEqual(jobs, []);

  // The journal has every page that a fake document's engine began: `time documentId-claim page`.
  const begun = readFileSync(journal, "utf8").trim().split("\n");
  const afterSaved = begun.filter((line) => {
    const [time, file, page] = line.split(" ") as [string, string, string];
    return Number(time) > (saved.get(`${file.slice(0, 36)} ${page}`) ?? Number.POSITIVE_INFINITY);
  });
  assert.deepEqual(afterSaved, [], "pages were read again that had been saved");
  const fakePages = [...saved.keys()].filter((key) =>
    begun.some((line) => line.includes(key.slice(0, 36))),
  ).length;
  say(
    `${planned.length} documents, ${pagesInAll} pages, ${claims} claims; fake pages: ${fakePages} saved, ` +
      `${begun.length} begun, so ${begun.length - fakePages} read again because something died, 0 after they had been saved`,
  );
}
