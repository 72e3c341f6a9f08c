import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Database, Documents } from "@quire/store";
import { fromTop, runQuire, startQuire, untilGone } from "../quire.ts";
import { openStorageProject, type StandIn } from "../supabase/project.ts";
import { isAtEnd } from "./installation.ts";

const folder = mkdtempSync(join(tmpdir(), "quire-supabase-test-"));
const project = await openStorageProject({ real: false });
const standIn = project.standIn as StandIn;
const database = new Database(standIn.databaseUrl, { poolSize: 2 });
const documents = new Documents(database);
after(async () => {
  await database.close();
  await project.close();
  rmSync(folder, { recursive: true });
});

const bucket = "scans";
const env = {
  DATABASE_URL: standIn.databaseUrl,
  SUPABASE_URL: project.url,
  SUPABASE_SERVICE_ROLE_KEY: project.serviceRoleKey,
  SUPABASE_ANON_KEY: "",
  SUPABASE_BUCKET: bucket,
  FILE_STORE_DIR: "",
  QUIRE_HOME: join(folder, "home"),
  TEMP_DIR: folder,
  PORT: "0",
  LOG_FORMAT: "json",
};

async function quire(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runQuire(args, env);
  assert.equal(code, 0, stderr);
  return stdout;
}

test("a worker reads a document from Supabase Storage and puts its pages' pictures there, nothing on its own disk", async () => {
  await quire("migrate");
  await quire("add", fromTop("samples/letter.pdf"));
  const [added] = await documents.list({ limit: 1 });
  assert.ok(added);
  // The connection breaks, and Storage has too much to do.
  const { faults } = standIn.storage;
  faults.plan(`GET /object/${bucket}/`, { cutAfterBytes: 1000 });
  faults.plan(`GET /object/info/${bucket}/`, { status: 503, retryAfter: "0" });
  const worker = startQuire(["worker"], env);
  for (const stream of [worker.stdout, worker.stderr]) stream?.resume();
  while (!isAtEnd(await documents.get(added.id))) await delay(50);
  worker.kill("SIGTERM");
  await untilGone(worker);

  const document = await documents.get(added.id);
  assert.deepEqual([document.status, document.pagesFailed], ["completed", 0]);
  const stored = await database.query<{ name: string }>(
    "select name from storage.objects where bucket_id = $1 order by name",
    [bucket],
  );
  const names = stored.map(({ name }) => name.split("/").slice(2).join("/") || name);
  const previews = Array.from(
    { length: document.pagesDone },
    (_, page) => `run-1/claim-1/page-${page + 1}.webp`,
  );
  assert.deepEqual(names.sort(), [".installation", "original", ...previews].sort());
  assert.ok(!existsSync(join(env.QUIRE_HOME, "files")));
  assert.ok((await quire("show", added.id, "--format", "text")).length > 100);
  // The PDF contains the original, of which a copy is made here for that long; the file itself lies there.
  const file = join(folder, "letter.pdf");
  await quire("show", added.id, "--format", "pdf", "--output", file);
  assert.ok(
    readFileSync(file)
      .subarray(0, 1_000)
      .equals(readFileSync(fromTop("samples/letter.pdf")).subarray(0, 1_000)),
  );
  const outputs = await database.query<{ name: string }>(
    "select name from storage.objects where bucket_id = $1 and name like '%/output.%' order by name",
    [bucket],
  );
  const key = (format: string) => `${added.id}/run-1/claim-1/output.${format}`;
  assert.deepEqual(
    outputs.map(({ name }) => name.slice(name.indexOf("/") + 1)),
    [key("pdf"), key("text")],
  );
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("quire-original-")),
    [],
  );
  await quire("erase", added.id, "--yes");
  const left = await database.query("select name from storage.objects where name like $1", [`%${added.id}%`]);
  assert.deepEqual(left, []);
});

test("a worker whose key has been revoked says so, and the document waits", async () => {
  await quire("add", fromTop("samples/mixed.pdf"));
  const waits = await documents.list({ status: "queued", limit: 1 });
  assert.equal(waits.length, 1);
  const worker = startQuire(["worker"], { ...env, SUPABASE_SERVICE_ROLE_KEY: "sb_secret_unknown" });
  let said = "";
  worker.stderr?.resume();
  for await (const text of worker.stdout ?? []) {
    said += text;
    if (said.includes("SUPABASE_SERVICE_ROLE_KEY")) break;
  }
  worker.kill("SIGTERM");
  await untilGone(worker);
  assert.ok(!said.includes("sb_secret"));
  const [document] = await documents.list({ limit: 1 });
  assert.deepEqual([document?.status, document?.failures], ["queued", 0]);
});
