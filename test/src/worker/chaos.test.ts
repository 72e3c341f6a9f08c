import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@quire/store";
import { addMixedDocuments } from "./addedDocuments.ts";
import { assertEveryPageOnce, documentsLeft } from "./everyPageOnce.ts";
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

  const { documents, pages, claims, fakePages, begun } = await assertEveryPageOnce(
    planned,
    database,
    installation.journal,
  );
  context.diagnostic(
    `${documents} documents, ${pages} pages, ${claims} claims; fake pages: ${fakePages} saved, ` +
      `${begun} begun, so ${begun - fakePages} read again because something died, 0 after they had been saved`,
  );
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
