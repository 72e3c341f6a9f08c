import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { localOwnerId } from "@quire/core";
import { originalKey } from "@quire/store";
import { fromTop, runQuire, startQuire } from "../quire.ts";
import { Installation, isAtEnd } from "./installation.ts";

const installation = await Installation.open();
after(() => installation.close());
const { database, documents, files } = installation;
const env = { DATABASE_URL: installation.url, FILE_STORE_DIR: installation.filesFolder };
/** Makes the file store this database's, as a deploy does. */
const migrated = await runQuire(["migrate"], env);
assert.equal(migrated.code, 0, migrated.stderr);

const anotherOwnerId = "00000000-0000-4000-8000-0000000000ff";

async function addOfAnother(): Promise<string> {
  const id = randomUUID();
  const storageKey = originalKey(anotherOwnerId, id);
  const stored = await files.put(storageKey, createReadStream(fromTop("samples/letter.pdf")));
  await documents.add({
    id,
    ownerId: anotherOwnerId,
    filename: "letter.pdf",
    storageKey,
    ...stored,
    options: {},
    force: true,
  });
  return id;
}

async function keysOf(id: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of files.keysOlderThan(-60_000)) if (key.includes(id)) keys.push(key);
  return keys;
}

test("a document is erased while a worker reads it: it stops, nothing comes back, and that is proved", async () => {
  const host = installation.host("erasing");
  const id = await installation.addFake({ pages: 200, pageMs: 40, previewBytes: 20_000 });
  host.start();
  await installation.until(id, ({ pagesDone }) => pagesDone >= 3);
  const erasing = startQuire(["erase", id.slice(0, 8), "--yes"], env);
  if (!erasing.stdout || !erasing.stderr) throw new Error("no pipes");
  const said = text(erasing.stdout);
  let told = "";
  erasing.stderr.setEncoding("utf8").on("data", (part: string) => {
    told += part;
  });
  await host.untilLogged("document lost");
  while (!told.includes("looked for again")) await delay(20);
  // What two minutes do.
  await database.query("update quire.files_to_delete set due_at = now()");
  const [code] = await once(erasing, "close");
  assert.equal(code, 0, `${await said}${told}`);
  assert.match(await said, /erased {4}1 document\nsearched {2}\d+ tables, \d+ files\nleft {6}nothing\n/);
  assert.match(await said, /\d rows of public\.audit_log/);

  const next = await installation.addFake({ pages: 3 });
  assert.equal((await installation.until(next, isAtEnd)).status, "completed", "the worker goes on");
  assert.equal(await host.stop(), 0);
  await assert.rejects(documents.get(id), { code: "document_not_found" });
  assert.deepEqual(await keysOf(id), []);
  const again = await runQuire(["erase", id, "--yes"], env);
  assert.deepEqual([again.code, again.stderr], [0, ""], "again: the proof once more");
  assert.match(again.stdout, /left {6}nothing/);
});

test("an owner is erased with all that is theirs, at all stages; another's documents are as they were", async () => {
  const host = installation.host("erasing-an-owner");
  const bens = await addOfAnother();
  const own = [
    await installation.addFake({ pages: 2, previewBytes: 900 }),
    await installation.addFake({ pages: 1, crashOnOpen: true }),
  ];
  host.start();
  for (const id of [...own, bens]) await installation.untilEnd(id);
  assert.equal(await host.stop(), 0);
  own.push(await installation.addFake({ pages: 1 }));
  const bensFiles = await keysOf(bens);

  const refused = await runQuire(["erase", "--owner", localOwnerId], env);
  assert.deepEqual([refused.code, refused.stdout], [2, ""]);
  assert.match(refused.stderr, /Nothing was erased\. .*--yes/);
  assert.equal((await documents.get(own[0] as string)).status, "completed");

  const { code, stdout, stderr } = await runQuire(["erase", "--owner", localOwnerId, "--yes"], env);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /left {6}nothing/);
  for (const id of own) assert.deepEqual(await keysOf(id), []);
  assert.deepEqual(await keysOf(localOwnerId), []);
  assert.deepEqual(
    (await documents.list({ limit: 10 })).map(({ id }) => id),
    [bens],
  );
  assert.deepEqual(await keysOf(bens), bensFiles);

  const log = await runQuire(["audit", "--owner", localOwnerId, "--since", "1h", "--json"], env);
  const entries = log.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const proof = entries.at(-1);
  assert.deepEqual([proof.action, proof.actor, proof.via], ["erasure_proved", "operator", "cli"]);
  assert.deepEqual([proof.figures.rowsLeft, proof.figures.filesLeft], [0, 0]);
  assert.ok(proof.figures.tables > 15);
  const erased = entries.filter(({ action }) => action === "erased").map(({ documentId }) => documentId);
  for (const id of own) assert.ok(erased.includes(id));
  assert.ok(!log.stdout.includes("fake.json"), "no file name");
});

test("what does not fit together is shown, mended where that is safe, and the exit code says so", async () => {
  const id = await addOfAnother();
  assert.equal((await runQuire(["verify"], env)).code, 0);
  await database.query("delete from pgboss.job where data ->> 'documentId' = $1", [id]);
  const amiss = await runQuire(["verify"], env);
  assert.equal(amiss.code, 4);
  assert.match(amiss.stdout, new RegExp(`documents without a job +1\\n .*--fix.*\\n  ${id}\\n`));
  const mended = await runQuire(["verify", "--fix"], env);
  assert.equal(mended.code, 0);
  assert.match(mended.stdout, /documents without a job +1 {2}\(1 mended\)/);
  assert.equal((await runQuire(["verify"], env)).code, 0);
  await files.delete(originalKey(anotherOwnerId, id));
  const lacking = await runQuire(["verify", "--fix", "--json"], env);
  assert.equal(lacking.code, 4);
  const found = (JSON.parse(lacking.stdout) as { name: string; count: number; examples: string[] }[]).filter(
    ({ count }) => count > 0,
  );
  assert.deepEqual(
    found.map(({ name, examples }) => [name, examples]),
    [["originals missing", [id]]],
  );
});

test("retention is the workers' task: the documents and files of whose time is up go, those of others stay", async () => {
  const host = installation.host("keeping", { RETENTION_DAYS: "30", ORIGINAL_RETENTION_DAYS: "7" });
  const [old, older] = [
    await installation.addFake({ pages: 2, previewBytes: 900 }),
    await installation.addFake({ pages: 1 }),
  ];
  const young = await installation.addFake({ pages: 1 });
  host.start();
  for (const id of [old, older, young]) await installation.until(id, isAtEnd);
  const age = "update documents set finished_at = now() - $2::interval where id = $1";
  await database.query(age, [old, "8 days"]);
  await database.query(age, [older, "31 days"]);
  // What the clock would do at its minutes.
  const ask = (task: string) =>
    database.query(
      `insert into pgboss.job (name, data, singleton_key, policy)
       values ('maintenance', jsonb_build_object('task', $1::text), $1, 'stately') on conflict do nothing`,
      [task],
    );
  for (const task of ["erase_originals", "erase_expired"]) await ask(task);
  while ((await keysOf(older)).length > 0 || (await keysOf(old)).length > 2) await ask("delete_files");
  assert.equal(await host.stop(), 0);
  await assert.rejects(documents.get(older), { code: "document_not_found" });
  assert.notEqual((await documents.get(old)).originalErasedAt, null);
  assert.equal((await documents.get(old)).pagesDone, 2);
  assert.equal((await keysOf(young)).length, 1);
  assert.equal((await runQuire(["reprocess", old], env)).code, 3);
  await database.query("update documents set finished_at = now()");
  assert.deepEqual((await runQuire(["show", old, "--format", "text"], env)).code, 0);
});
