/**
 * Writes down what this version's worker says to the schema, for later versions to be tested with: the statements of
 * a worker that reads, fails, drains and takes over documents, as the database counted them. Run by
 * `npm run compatibility`, once the migrations of a version are final.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { localOwnerId } from "@quire/core";
import { Database, DiskFileStore, Documents, listMigrations } from "@quire/store";
import { startMigratedCluster } from "@quire/store/testing";
import { put } from "../worker/addedDocuments.ts";
import { WorkerHost } from "../worker/workerHost.ts";

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error("which folder?");
const folder = mkdtempSync(join(tmpdir(), "quire-statements-"));
const cluster = await startMigratedCluster({
  settings: { shared_preload_libraries: "pg_stat_statements" },
});
const url = await cluster.createDatabase();
const database = new Database(url, { poolSize: 1, applicationName: "recorder" });
const documents = new Documents(database);
const files = new DiskFileStore(join(folder, "files"));
await database.query("create extension pg_stat_statements");

const env = { DATABASE_URL: url, WORKER_CONCURRENCY: "5", OCR_THREADS: "2", POLL_SECONDS: "1" };
const host = new WorkerHost(folder, "worker", join(folder, "files"), env);
const add = (fake: object, name = "fake.json") =>
  put(Readable.from([Buffer.from(JSON.stringify(fake))]), name, files, documents);
const until = async (id: string, ...statuses: string[]) => {
  while (!statuses.includes((await documents.get(id)).status)) await delay(20);
};

try {
  host.start();
  await until(await add({ pages: 3 }), "completed");
  await until(await add({ pages: 30 }), "completed");
  await until(await add({ pages: 2, crash: [2] }), "partial", "failed");
  await until(await put(Readable.from([Buffer.from("no document")]), "none.txt", files, documents), "failed");
  const slow = await add({ pages: 100, pageMs: 100 });
  await until(slow, "processing");
  await host.stop();
  // One that cannot be fetched is tried again.
  const lost = await put(Readable.from([Buffer.from("{}")]), "lost.json", files, documents);
  await files.delete(`${localOwnerId}/${lost}/original`);
  host.start();
  await host.untilLogged("document went wrong");
  await until(slow, "processing");
  await host.kill();
  host.start();
  await host.untilLogged("took over from a dead worker");
  await until(slow, "processing");
  await documents.cancel(slow);
  await until(slow, "cancelled");
  await host.stop();
  const statements = await database.query<{ query: string }>(
    `select distinct s.query from pg_stat_statements s join pg_database d on d.oid = s.dbid
     where s.toplevel and d.datname = current_database() and s.query ~ '\\m(quire|public)\\.'
       -- What sets a parameter says nothing to the schema.
       and s.query !~ 'pgboss|pg_stat_statements|^set ' order by s.query`,
  );
  const version = (await listMigrations()).at(-1)?.version;
  const path = join(target, `${version}.json`);
  writeFileSync(
    path,
    `${JSON.stringify(
      statements.map(({ query }) => query),
      null,
      2,
    )}\n`,
  );
  console.log(`${statements.length} statements: ${path}`);
} finally {
  await host.kill();
  await database.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
