import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { localOwnerId } from "@quire/core";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { placeUpload } from "../testing/placeUpload.ts";
import { anotherOwnerId, pdf, Served, type ServedOptions } from "../testing/served.ts";
import { TusClient } from "../testing/tusClient.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

async function start(t: Parameters<typeof Served.start>[0], options?: ServedOptions) {
  const served = await Served.start(t, cluster, options);
  return { served, tus: new TusClient(served) };
}

/** What lies in the folder of uploads. */
function uploading(served: Served, ownerId = localOwnerId): string[] {
  const folder = join(served.uploadDir, ownerId);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

const fileOf = (served: Served, id: string) => join(served.folder, "files", localOwnerId, id, "original");

test("an upload in pieces becomes the document that has its id", async (t) => {
  const { served, tus } = await start(t);
  const content = Buffer.concat([pdf(), randomBytes(500_000)]);
  const created = await tus.create(content.length, {
    filename: "Befund.pdf",
    languages: "fra,eng",
    textLayer: "never",
  });
  assert.equal(created.status, 201);
  assert.match(created.path, /^\/api\/uploads\/[0-9a-f-]{36}$/);
  assert.equal((await tus.where(created.path)).headers.get("upload-offset"), "0");
  const first = await tus.send(created.path, 0, content.subarray(0, 200_000));
  assert.deepEqual([first.status, first.headers.get("upload-offset")], [204, "200000"]);
  assert.equal(first.headers.get("quire-document"), null);
  const last = await tus.send(created.path, 200_000, content.subarray(200_000));
  assert.equal(last.status, 204);
  assert.equal(last.headers.get("quire-document"), created.id);
  assert.equal(last.headers.get("quire-document-new"), "true");
  const document = await served.getDocument(created.id);
  assert.deepEqual([document.filename, document.status], ["Befund.pdf", "queued"]);
  assert.deepEqual(document.options, {
    languages: ["fra", "eng"],
    textLayer: "never",
    rotate: "auto",
    quality: null,
  });
  assert.deepEqual(readFileSync(fileOf(served, created.id)), content);
  // What is kept for who lost the answer does not outlive the document with its name.
  assert.deepEqual(uploading(served), [`${created.id}.json`]);
  const kept = readFileSync(join(served.uploadDir, localOwnerId, `${created.id}.json`), "utf8");
  assert.doesNotMatch(kept, /Befund/);
});

test("an upload may come with its beginning, whole or in part, and with its length last", async (t) => {
  const { served, tus } = await start(t);
  const whole = pdf(5_000);
  const atOnce = await tus.create(whole.length, {}, {}, whole);
  assert.deepEqual([atOnce.status, atOnce.headers.get("quire-document")], [201, atOnce.id]);
  assert.equal((await served.getDocument(atOnce.id)).filename, "document");

  const part = pdf(5_000);
  const begun = await tus.create(part.length, {}, {}, part.subarray(0, 10));
  assert.deepEqual([begun.status, begun.headers.get("upload-offset")], [201, "10"]);
  assert.equal((await tus.send(begun.path, 10, part.subarray(10))).headers.get("quire-document"), begun.id);

  const later = pdf(5_000);
  const open = await tus.create(null);
  assert.equal((await tus.where(open.path)).headers.get("upload-defer-length"), "1");
  await tus.send(open.path, 0, later.subarray(0, 3_000));
  const ended = await tus.send(open.path, 3_000, later.subarray(3_000), {
    "Upload-Length": `${later.length}`,
  });
  assert.equal(ended.headers.get("quire-document"), open.id);
});

test("whoever lost the last answer learns what became of the upload, also where the content was there already", async (t) => {
  const { served, tus } = await start(t);
  const content = pdf();
  const first = await tus.create(content.length, {}, {}, content);
  const second = await tus.create(content.length);
  const answer = await tus.send(second.path, 0, content);
  assert.equal(answer.headers.get("quire-document"), first.id);
  assert.equal(answer.headers.get("quire-document-new"), "false");
  assert.ok(!existsSync(fileOf(served, second.id)));
  await served.stopServer();
  await served.startServer();
  for (const [path, isNew] of [
    [first.path, "true"],
    [second.path, "false"],
  ] as const) {
    const asked = await tus.where(path);
    assert.equal(asked.status, 200);
    assert.equal(asked.headers.get("upload-offset"), `${content.length}`);
    assert.equal(asked.headers.get("upload-length"), `${content.length}`);
    assert.equal(asked.headers.get("quire-document"), first.id);
    assert.equal(asked.headers.get("quire-document-new"), isNew);
    const again = await tus.send(path, content.length, Buffer.alloc(0));
    assert.deepEqual([again.status, again.headers.get("quire-document")], [204, first.id]);
    assert.equal((await tus.send(path, 0, content)).status, 409);
  }
  const forced = await tus.create(content.length, { force: "1" }, {}, content);
  assert.equal(forced.headers.get("quire-document"), forced.id);
});

test("an upload goes on after the server was started anew", async (t) => {
  const { served, tus } = await start(t);
  const content = Buffer.concat([pdf(), randomBytes(300_000)]);
  const { path, id } = await tus.create(content.length, { filename: "x.pdf" });
  await tus.send(path, 0, content.subarray(0, 100_000));
  await served.stopServer();
  await served.startServer();
  assert.equal((await tus.where(path)).headers.get("upload-offset"), "100000");
  const last = await tus.send(path, 100_000, content.subarray(100_000));
  assert.equal(last.headers.get("quire-document"), id);
  assert.deepEqual(readFileSync(fileOf(served, id)), content);
});

test("an upload whose line broke goes on where it stopped", async (t) => {
  const { served, tus } = await start(t);
  const content = Buffer.concat([pdf(), randomBytes(300_000)]);
  const { path, id } = await tus.create(content.length);
  const client = connect(served.port, "127.0.0.1");
  const head = `PATCH ${path} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n`;
  client.write(
    `${head}Content-Type: application/offset+octet-stream\r\nContent-Length: ${content.length}\r\n\r\n`,
  );
  client.write(content.subarray(0, 150_000));
  const bytesThere = () => statSync(join(served.uploadDir, localOwnerId, id)).size;
  while (bytesThere() === 0) await new Promise((resolve) => setImmediate(resolve));
  client.destroy();
  const offset = Number((await tus.where(path)).headers.get("upload-offset"));
  assert.ok(offset > 0 && offset <= 150_000, `${offset}`);
  const last = await tus.send(path, offset, content.subarray(offset));
  assert.equal(last.headers.get("quire-document"), id);
  assert.deepEqual(readFileSync(fileOf(served, id)), content);
});

test("a request that holds an upload and does not move lets go when another one comes", async (t) => {
  const { served, tus } = await start(t);
  const content = Buffer.concat([pdf(), randomBytes(300_000)]);
  const { path, id } = await tus.create(content.length);
  const silent = connect(served.port, "127.0.0.1");
  const head = `PATCH ${path} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n`;
  silent.write(
    `${head}Content-Type: application/offset+octet-stream\r\nContent-Length: ${content.length}\r\n\r\n`,
  );
  silent.write(content.subarray(0, 150_000));
  while (statSync(join(served.uploadDir, localOwnerId, id)).size === 0)
    await new Promise((resolve) => setImmediate(resolve));
  const offset = Number((await tus.where(path)).headers.get("upload-offset"));
  const last = await tus.send(path, offset, content.subarray(offset));
  assert.equal(last.headers.get("quire-document"), id);
  assert.deepEqual(readFileSync(fileOf(served, id)), content);
  silent.destroy();
});

test("two requests at once for the same place: one writes, the other is told where the upload is", async (t) => {
  const { served, tus } = await start(t);
  const content = Buffer.concat([pdf(), randomBytes(1_000_000)]);
  const { path, id } = await tus.create(content.length);
  const answers = await Promise.all([
    tus.send(path, 0, content),
    tus.send(path, 0, content),
    tus.send(path, 0, content),
  ]);
  for (const { status, code } of answers)
    if (status !== 204) assert.deepEqual([status, code], [409, "upload_conflict"]);
  for (;;) {
    const offset = Number((await tus.where(path)).headers.get("upload-offset"));
    if (offset === content.length) break;
    await tus.send(path, offset, content.subarray(offset));
  }
  assert.deepEqual(readFileSync(fileOf(served, id)), content);
  assert.equal((await served.documents.list({ limit: 10 })).length, 1);
});

test("what is no document is refused at its first bytes, and the upload is gone", async (t) => {
  const { served, tus } = await start(t);
  const zip = Buffer.concat([Buffer.from("PK\x03\x04"), randomBytes(20_000)]);
  const atFirst = await tus.create(zip.length);
  assert.deepEqual(refusalOf(await tus.send(atFirst.path, 0, zip.subarray(0, 5_000))), [
    415,
    "unsupported_format",
  ]);
  assert.equal((await tus.where(atFirst.path)).status, 404);
  const inDrops = await tus.create(zip.length);
  assert.equal((await tus.send(inDrops.path, 0, zip.subarray(0, 700))).status, 204);
  assert.equal((await tus.send(inDrops.path, 700, zip.subarray(700, 1_000))).status, 204);
  assert.deepEqual(refusalOf(await tus.send(inDrops.path, 1_000, zip.subarray(1_000))), [
    415,
    "unsupported_format",
  ]);
  const short = await tus.create(5);
  assert.deepEqual(refusalOf(await tus.send(short.path, 0, Buffer.from("hello"))), [
    415,
    "unsupported_format",
  ]);
  const withBeginning = await tus.create(zip.length, { filename: "x.pdf" }, {}, zip);
  assert.deepEqual(refusalOf(withBeginning), [415, "unsupported_format"]);
  assert.deepEqual(uploading(served), []);
});

test("an upload over the limit is refused when it is announced, and when it grows beyond", async (t) => {
  const { served, tus } = await start(t, { env: { MAX_FILE_MB: "0.1" } });
  assert.deepEqual(refusalOf(await tus.create(100_001)), [413, "file_too_large"]);
  assert.deepEqual(refusalOf(await tus.create(99_999_999_999)), [413, "file_too_large"]);
  const open = await tus.create(null);
  assert.equal((await tus.send(open.path, 0, pdf(90_000))).status, 204);
  assert.deepEqual(refusalOf(await tus.send(open.path, 90_000, pdf(20_000))), [413, "file_too_large"]);
  // Without a length of its own, so that it is seen only while it comes in.
  const endless = await chunked(served, open.path, 90_000, pdf(20_000));
  assert.match(endless, /^HTTP\/1\.1 413 .*file_too_large/s);
  const overAnnounced = await tus.create(null);
  const length = { "Upload-Length": "100001" };
  assert.deepEqual(refusalOf(await tus.send(overAnnounced.path, 0, pdf(1_000), length)), [
    413,
    "file_too_large",
  ]);
  const small = await tus.create(2_000);
  assert.deepEqual(refusalOf(await tus.send(small.path, 0, pdf(2_001))), [413, "file_too_large"]);
  assert.match(await chunked(served, small.path, 0, pdf(2_001)), /^HTTP\/1\.1 413 /);
  assert.equal((await served.documents.list({ limit: 10 })).length, 0);
});

test("what the protocol or the document does not allow is refused at the beginning", async (t) => {
  const { served, tus } = await start(t);
  const type = { "Content-Type": "application/offset+octet-stream" };
  for (const [why, answer, expected] of [
    ["empty", await tus.create(0), [422, "empty_file"]],
    ["no such language", await tus.create(10, { languages: "xyz" }), [422, "language_missing"]],
    ["no such mode", await tus.create(10, { textLayer: "x" }), [422, "invalid_document"]],
    ["no such flag", await tus.create(10, { force: "x" }), [400, "invalid_request"]],
    ["no length", await tus.ask("/api/uploads", "POST"), [400, "invalid_request"]],
    ["two lengths", await tus.create(10, {}, { "Upload-Defer-Length": "1" }), [400, "invalid_request"]],
    ["no number", await tus.create(10, {}, { "Upload-Length": "1e3" }), [400, "invalid_request"]],
    ["negative", await tus.create(10, {}, { "Upload-Length": "-1" }), [400, "invalid_request"]],
    ["metadata", await tus.create(10, {}, { "Upload-Metadata": "filename %%%" }), [400, "invalid_request"]],
    [
      "twice",
      await tus.create(10, {}, { "Upload-Metadata": "filename eA==,filename eA==" }),
      [400, "invalid_request"],
    ],
    ["parts", await tus.create(10, {}, { "Upload-Concat": "partial" }), [400, "invalid_request"]],
    ["version", await tus.create(10, {}, { "Tus-Resumable": "0.2.2" }), [412, "unsupported_upload_protocol"]],
    ["a parameter", await tus.ask("/api/uploads?x=1", "POST"), [400, "invalid_request"]],
    ["no upload", await tus.send(`/api/uploads/${randomUUID()}`, 0, pdf()), [404, "upload_not_found"]],
    ["no id", await tus.send("/api/uploads/..%2f..%2fx", 0, pdf()), [404, "upload_not_found"]],
    ["not there", await tus.ask(`/api/uploads/${randomUUID()}`, "DELETE"), [404, "upload_not_found"]],
  ] as const)
    assert.deepEqual(refusalOf(answer), expected, why);
  const { path } = await tus.create(10);
  for (const [why, answer, expected] of [
    ["no offset", await tus.ask(path, "PATCH", type, Buffer.from("x")), [400, "invalid_request"]],
    [
      "another type",
      await tus.ask(path, "PATCH", { "Upload-Offset": "0" }, Buffer.from("x")),
      [400, "invalid_request"],
    ],
    ["another place", await tus.send(path, 5, Buffer.from("x")), [409, "upload_conflict"]],
  ] as const)
    assert.deepEqual(refusalOf(answer), expected, why);
  const plain = await served.ask("/api/uploads", { method: "POST", headers: { "Upload-Length": "10" } });
  assert.deepEqual([plain.status, plain.headers.get("tus-version")], [412, "1.0.0"]);
  assert.equal((await served.ask(path)).status, 405);
});

test("names are cleaned at the beginning", async (t) => {
  const { served, tus } = await start(t);
  for (const [given, name] of [
    ["C:\\scans\\..\\Befund\u202Efdp.pdf", "Befundfdp.pdf"],
    ["a\0b\n.pdf", "a b .pdf"],
    [`${"n".repeat(1_000)}.tif`, `${"n".repeat(251)}.tif`],
    ["..", "document"],
  ] as const) {
    const content = pdf();
    const { id } = await tus.create(content.length, { filename: given, filetype: "text/html" }, {}, content);
    assert.equal((await served.getDocument(id)).filename, name);
  }
});

test("a full queue is told at the beginning; an upload that ends at one becomes a document when there is room", async (t) => {
  const { served, tus } = await start(t);
  const content = pdf();
  const begun = await tus.create(content.length);
  await served.documents.setLimits({ maxQueuedPerOwner: 1, maxQueued: 100 });
  await served.add();
  const refused = await tus.create(10);
  assert.deepEqual(refusalOf(refused), [429, "owner_queue_full"]);
  assert.equal(refused.headers.get("retry-after"), "60");
  const ended = await tus.send(begun.path, 0, content);
  assert.deepEqual(refusalOf(ended), [429, "owner_queue_full"]);
  assert.equal(ended.headers.get("retry-after"), "60");
  assert.ok(!existsSync(fileOf(served, begun.id)));
  // Asked where it is, it does not pass for finished.
  assert.equal((await tus.where(begun.path)).status, 429);
  await served.documents.setLimits({ maxQueuedPerOwner: 2, maxQueued: 100 });
  const asked = await tus.where(begun.path);
  assert.deepEqual([asked.status, asked.headers.get("quire-document")], [200, begun.id]);
});

test("only so many uploads of an owner are under way", async (t) => {
  const { served, tus } = await start(t);
  const begun = [];
  for (let count = 0; count < 50; count++) begun.push(await tus.create(10));
  assert.ok(begun.every(({ status }) => status === 201));
  const refused = await tus.create(10);
  assert.deepEqual(refusalOf(refused), [429, "too_many_uploads"]);
  await served.stopServer();
  await served.startServer();
  assert.equal((await tus.create(10)).status, 429);
  assert.equal((await tus.ask(begun[0]?.path ?? "", "DELETE")).status, 204);
  const content = pdf();
  assert.equal((await tus.create(content.length, {}, {}, content)).status, 201);
  // That one is finished, and does not count any more.
  assert.equal((await tus.create(10)).status, 201);
  assert.equal((await tus.create(10)).status, 429);
});

test("another owner's upload is not there", async (t) => {
  const { served, tus } = await start(t);
  const id = randomUUID();
  await placeUpload(served.uploadDir, { id, ownerId: anotherOwnerId, content: pdf(), sizeBytes: 5_000 });
  for (const method of ["HEAD", "DELETE"])
    assert.equal((await tus.ask(`/api/uploads/${id}`, method)).status, 404);
  assert.equal((await tus.send(`/api/uploads/${id}`, 2_000, pdf())).status, 404);
  assert.equal((await tus.ask(`/api/uploads/..%2F${anotherOwnerId}%2F${id}`, "HEAD")).status, 404);
  assert.ok(existsSync(join(served.uploadDir, anotherOwnerId, id)));
});

test("an upload that a crash left complete becomes a document at the next start", async (t) => {
  const { served, tus } = await start(t, { env: { UPLOAD_EXPIRY_HOURS: "1" } });
  await served.stopServer();
  const content = pdf();
  const id = randomUUID();
  await placeUpload(served.uploadDir, { id, content, metadata: { filename: "left.pdf" } });
  await served.startServer();
  const asked = await tus.where(`/api/uploads/${id}`);
  assert.deepEqual([asked.status, asked.headers.get("quire-document")], [200, id]);
  assert.equal((await served.getDocument(id)).filename, "left.pdf");
  assert.deepEqual(readFileSync(fileOf(served, id)), content);
});

function refusalOf({ status, code }: { status: number; code: string | null }): [number, string | null] {
  return [status, code];
}

/** Sends in pieces of unknown number. */
async function chunked(served: Served, path: string, offset: number, content: Buffer): Promise<string> {
  const client = connect(served.port, "127.0.0.1");
  client.on("error", () => {});
  const head = `PATCH ${path} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: ${offset}\r\n`;
  client.write(`${head}Content-Type: application/offset+octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (let start = 0; start < content.length; start += 1_000) {
    const piece = content.subarray(start, start + 1_000);
    client.write(`${piece.length.toString(16)}\r\n`);
    client.write(piece);
    client.write("\r\n");
  }
  client.write("0\r\n\r\n");
  client.once("data", () => client.end());
  return text(client);
}
