import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { loadConfig, localOwnerId } from "@quire/core";
import { createLog } from "@quire/core/log";
import { OwnedDocuments } from "@quire/store";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { Intake } from "../intake/intake.ts";
import { placeUpload } from "../testing/placeUpload.ts";
import { pdf, Served } from "../testing/served.ts";
import { UploadStore } from "./uploadStore.ts";
import { Uploads } from "./uploads.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** The upkeep by itself, on a folder that the server does not look after. */
async function start(t: TestContext) {
  const served = await Served.start(t, cluster);
  const folder = join(served.folder, "left");
  const { database, files } = served;
  const config = loadConfig({ LOG_LEVEL: "error", LOG_FORMAT: "json" });
  const uploads = new Uploads({
    store: await UploadStore.open(folder),
    intake: new Intake({
      documentsOf: (ownerId) => new OwnedDocuments(database, ownerId),
      files,
      limits: config.limits,
    }),
    expiryHours: 24,
    tessdataDir: null,
    log: await createLog({ ...config, logLevel: "error" }),
  });
  const left = () => readdirSync(join(folder, localOwnerId)).sort();
  return { served, folder, uploads, left };
}

test("what was left complete becomes a document, once; what is under way stays", async (t) => {
  const { served, folder, uploads, left } = await start(t);
  const [complete, underWay, added] = [randomUUID(), randomUUID(), randomUUID()];
  const content = pdf();
  await placeUpload(folder, { id: complete, content, metadata: { filename: "left.pdf" }, ageHours: 100 });
  await placeUpload(folder, { id: underWay, content: pdf(), sizeBytes: 10_000 });
  // Added before the crash, and read by now: it is not there twice, and its file is not stored again.
  await placeUpload(folder, { id: added, content: pdf() });
  await served.documents.add({
    ...{
      id: added,
      ownerId: localOwnerId,
      filename: "x.pdf",
      storageKey: `${localOwnerId}/${added}/original`,
    },
    ...{ sizeBytes: 1, sha256: "0".repeat(64), options: {} },
  });
  await uploads.lookAfter();
  await uploads.lookAfter();
  assert.equal((await served.getDocument(complete)).filename, "left.pdf");
  assert.equal((await served.getDocument(added)).sizeBytes, 1);
  assert.equal((await served.documents.list({ limit: 10 })).length, 2);
  assert.deepEqual(left(), [`${complete}.json`, `${added}.json`, underWay, `${underWay}.json`].sort());
});

test("a document that was deleted does not come back by the upload that it was", async (t) => {
  const { served, folder, uploads, left } = await start(t);
  const id = await served.send();
  assert.equal((await served.ask(`/api/documents/${id}`, { method: "DELETE" })).status, 204);
  await placeUpload(folder, { id, content: pdf() });
  await uploads.lookAfter();
  assert.deepEqual(left(), []);
  assert.deepEqual(await served.documents.list({ limit: 10 }), []);
});

test("what is no document, or has no language that is there any more, is removed", async (t) => {
  const { folder, uploads, left } = await start(t);
  await placeUpload(folder, { id: randomUUID(), content: Buffer.from("hello") });
  await placeUpload(folder, { id: randomUUID(), content: pdf(), metadata: { languages: "xyz" } });
  await uploads.lookAfter();
  assert.deepEqual(left(), []);
});

test("what has no room in the queue waits for it, without a copy of its file", async (t) => {
  const { served, folder, uploads, left } = await start(t);
  await served.documents.setLimits({ maxQueuedPerOwner: 1, maxQueued: 100 });
  await served.add();
  const id = randomUUID();
  await placeUpload(folder, { id, content: pdf() });
  await uploads.lookAfter();
  assert.deepEqual(left(), [id, `${id}.json`]);
  await assert.rejects(served.files.open(`${localOwnerId}/${id}/original`), { code: "file_missing" });
  await served.documents.setLimits({ maxQueuedPerOwner: 2, maxQueued: 100 });
  await uploads.lookAfter();
  assert.equal((await served.getDocument(id)).status, "queued");
});

test("what nobody goes on with is removed when it is too old, and what a crash left of a record", async (t) => {
  const { folder, uploads, left } = await start(t);
  const takenIn = { documentId: randomUUID(), isNew: false };
  const [young, finished] = [randomUUID(), randomUUID()];
  await placeUpload(folder, { id: young, content: pdf(), sizeBytes: 10_000, ageHours: 23 });
  await placeUpload(folder, { id: randomUUID(), content: pdf(), sizeBytes: 10_000, ageHours: 25 });
  await placeUpload(folder, { id: finished, content: null, finished: takenIn, ageHours: 23 });
  await placeUpload(folder, { id: randomUUID(), content: null, finished: takenIn, ageHours: 25 });
  const owner = join(folder, localOwnerId);
  const old = new Date(Date.now() - 25 * 3_600_000);
  for (const name of [randomUUID(), `${randomUUID()}.json`, `${randomUUID()}.json.${randomUUID()}`]) {
    writeFileSync(join(owner, name), "{");
    utimesSync(join(owner, name), old, old);
  }
  writeFileSync(join(owner, "notes.txt"), "not ours");
  await uploads.lookAfter();
  assert.deepEqual(left(), [young, `${young}.json`, `${finished}.json`, "notes.txt"].sort());
});

test("only so many answers are kept to be given again: the oldest go first", async (t) => {
  const { folder, uploads, left } = await start(t);
  const takenIn = { documentId: randomUUID(), isNew: false };
  const oldest = [];
  for (let count = 0; count < 1_003; count++) {
    const id = randomUUID();
    if (count < 3) oldest.push(`${id}.json`);
    await placeUpload(folder, { id, content: null, finished: takenIn, ageHours: count < 3 ? 2 : 1 });
  }
  await uploads.lookAfter();
  assert.equal(left().length, 1_000);
  assert.ok(oldest.every((name) => !left().includes(name)));
});

test("a folder that cannot be used is said to be so at the start", async (t) => {
  const { served } = await start(t);
  writeFileSync(join(served.folder, "file"), "");
  const env = { UPLOAD_DIR: join(served.folder, "file", "uploads") };
  await assert.rejects(Served.start(t, cluster, { env }), {
    code: "storage_unavailable",
    message: /UPLOAD_DIR/,
  });
});
