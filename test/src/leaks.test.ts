import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { originalKey } from "@quire/store";
import { AskedWeb } from "./leaks/askedWeb.ts";
import { searchDatabase } from "./leaks/databaseCells.ts";
import { brokenPdf, damagedPdf, letterPdf, note } from "./leaks/plantedDocuments.ts";
import { PlantedInstallation } from "./leaks/plantedInstallation.ts";
import { foundIn, plantedWords, type Secrets } from "./leaks/plantedWords.ts";
import { processTree, runQuire } from "./quire.ts";

/**
 * Where content belongs, column by column; anywhere else it is a leak. What is added to the schema and holds content
 * is to be added here, with a reason to keep it.
 */
const contentColumns: Readonly<Record<string, readonly string[]>> = {
  "a file's name": ["public.documents.filename"],
  "text of a page": ["public.page_contents.text", "public.page_contents.words"],
  // Of what was erased, until its files are gone.
  "a storage key": ["public.documents.storage_key", "quire.files_to_delete.key"],
  "an owner": [
    "public.audit_log.actor",
    "public.audit_log.owner_id",
    "public.documents.owner_id",
    "public.documents.storage_key",
    "public.erased_documents.owner_id",
    "public.outputs.owner_id",
    // It begins with the owner, as every key.
    "public.outputs.storage_key",
    "public.page_contents.owner_id",
    "public.pages.owner_id",
    "public.webhooks.owner_id",
    "quire.files_to_delete.key",
  ],
};

const installation = await PlantedInstallation.open();
after(() => installation.close());
const { documents, database } = installation;

const userId = randomUUID();
const accessToken = installation.signIn(userId, `${plantedWords["a user's address"]}@example.org`);
const secrets: Record<string, string> = {
  ...plantedWords,
  "an owner": userId,
  "an access token": accessToken,
  "what an access token says": accessToken.split(".")[1] as string,
  "the database's password": installation.databasePassword,
};

/** Of a page that is recognised twice: its text is not what matters. */
const fewLines = 4;

/** What was emitted, by where. */
const emitted: Record<string, string> = {};

test("a whole run with all that can go wrong, and nothing of a document or a setting gets out", async (context) => {
  const web = await installation.start("web");
  const asked = new AskedWeb(web.url, accessToken);

  // What a worker is to fail at is there before it is.
  const letter = await asked.send(letterPdf(2));
  const damaged = await asked.send(damagedPdf());
  const broken = await asked.send(brokenPdf());
  const missing = await asked.send(letterPdf(3));
  await (await installation.files()).delete(originalKey(userId, missing));
  secrets["a storage key"] = originalKey(userId, letter);

  const worker = await installation.start("worker");
  assert.equal(await untilEnd(letter), "completed");
  assert.equal(await untilEnd(damaged), "partial");
  assert.equal(await untilEnd(broken), "failed");
  assert.equal(await untilEnd(missing), "failed");

  const killed = await asked.send(letterPdf(1, fewLines), { textLayer: "never" });
  await untilReading(killed);
  for (const pid of processTree(worker.process.pid).slice(1)) process.kill(pid, "SIGKILL");
  assert.equal(await untilEnd(killed), "completed");
  await worker.process.untilSaid(/"death":|engine died/);

  await asked.provokeRefusals(note());
  const text = await asked.ask(`/api/documents/${letter}/text`);
  assert.match(text.text, new RegExp(plantedWords["text of a page"]), "content is where it belongs");
  for (const of of [letter, damaged, killed])
    for (const format of ["json", "pdf", "hocr", "alto"]) await asked.ask(`/api/documents/${of}/${format}`);
  await asked.ask(`/api/documents/${letter}/original`);
  const found = await asked.ask(`/api/search?q=${plantedWords["text of a page"]}`);
  assert.match(found.text, new RegExp(letter));
  await asked.ask(`/api/search?q=${plantedWords["what was searched for"]}`);

  const token = { headers: { Authorization: `Bearer ${plantedWords.OPERATIONS_TOKEN}` } };
  const of = async (url: string) => (await fetch(url, token)).text();
  await cutDatabase(worker.url, asked, token);
  for (const path of ["/health", "/ready", "/metrics"])
    emitted[`worker ${path}`] = await of(worker.url + path);
  for (const path of ["/health", "/ready", "/api/operations/memory"])
    emitted[`web ${path}`] = await of(web.url + path);
  assert.match(emitted["worker /metrics"] ?? "", /quire_/);
  await asked.ask(`/api/documents/${broken}`, { method: "DELETE" });

  for (const pid of [...processTree(worker.process.pid), ...processTree(web.process.pid)])
    emitted[`command line of ${pid}`] = readFileSync(`/proc/${pid}/cmdline`, "utf8");
  await worker.process.stop();
  await web.process.stop();
  emitted["worker log"] = worker.process.said;
  emitted["web log"] = web.process.said;
  for (const { asked: what, status, text } of asked.refusals) emitted[`${status} to ${what}`] = text;
  for (const name of readdirSync(installation.tempDir, { recursive: true }))
    emitted[`temp/${name}`] = `${name}`;

  const statuses = new Set(asked.refusals.map(({ status }) => status));
  for (const status of [400, 401, 404, 409, 415, 503])
    assert.ok(statuses.has(status), `a ${status} was provoked`);
  context.diagnostic(`${Object.keys(emitted).length} things emitted, ${asked.refusals.length} refusals`);
  const leaks = Object.entries(emitted).flatMap(([where, all]) =>
    foundIn(all, secrets).map((what) => `${where}: ${what}`),
  );
  assert.deepEqual(leaks, []);
});

test("the database holds content only in the columns that are for it", async (context) => {
  const { findings, searched } = await searchDatabase(database, secrets as Secrets);
  context.diagnostic(`${searched.length} tables`);
  for (const table of [
    "pgboss.job",
    "public.document_failures",
    "public.worker_events",
    "public.worker_memory_samples",
  ])
    assert.ok(searched.includes(table), table);
  const leaks = findings.filter(({ column, meaning }) => !contentColumns[meaning]?.includes(column));
  assert.deepEqual(leaks, []);
  for (const meaning of ["a file's name", "text of a page", "a storage key", "an owner"])
    assert.ok(
      findings.some((finding) => finding.meaning === meaning),
      `${meaning} is where it belongs`,
    );
});

test("a command that cannot get into the database does not tell its password", async () => {
  const { env } = installation;
  const planted = "wrongpassword4401planted";
  const [wrong, unreadable] = [new URL(env.DATABASE_URL ?? ""), `postgres://quire:${planted}/#@host/db`];
  wrong.password = planted;
  installation.line.goDown();
  const away = await runQuire(["list"], env);
  installation.line.comeUp();
  const refused = await runQuire(["list"], { ...env, DATABASE_URL: wrong.href });
  const unread = await runQuire(["list"], { ...env, DATABASE_URL: unreadable });
  assert.match(away.stderr, /database_unavailable/);
  assert.match(refused.stderr, /database_unavailable/);
  assert.match(unread.stderr, /invalid_configuration/);
  assert.deepEqual([away.code, refused.code, unread.code], [1, 1, 2]);
  for (const { stdout, stderr } of [away, refused, unread])
    assert.deepEqual(foundIn(stdout + stderr, { ...secrets, planted }), []);
});

/** Waits until a document is at its end, without waiting out the pauses between tries. */
async function untilEnd(id: string): Promise<string> {
  for (;;) {
    const { status } = await documents.get(id);
    if (!["queued", "processing"].includes(status)) return status;
    await database.query(
      "update pgboss.job set start_after = now() where name like 'ocr-%' and state = 'created' and start_after > now()",
    );
    await delay(20);
  }
}

async function untilReading(id: string): Promise<void> {
  for (;;) {
    const rows = await database.query("select from public.pages_in_flight where document_id = $1", [id]);
    if (rows.length > 0) return;
    await delay(5);
  }
}

/** The database is away until worker and web server have noticed, and back until both are well. */
async function cutDatabase(workerUrl: string, asked: AskedWeb, token: RequestInit): Promise<void> {
  const status = async () =>
    ((await (await fetch(`${workerUrl}/health`, token)).json()) as { status: string }).status;
  installation.line.goDown();
  const search = asked.ask(`/api/search?q=${plantedWords["what was searched for"]}`);
  const sent = asked.ask(
    `/api/documents?filename=${plantedWords["the name of a file that was refused"]}.pdf`,
    {
      method: "POST",
      body: new Uint8Array(letterPdf(1)),
    },
  );
  await Promise.all([search, sent]);
  while ((await status()) !== "database_away") await delay(20);
  emitted["worker /health without a database"] = await (await fetch(`${workerUrl}/health`, token)).text();
  installation.line.comeUp();
  while ((await status()) !== "ok") await delay(20);
}
