import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { localOwnerId } from "@quire/core";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import type { AddedAnswer, ProblemAnswer } from "../api/shapes.ts";
import { rawRequest } from "../testing/rawRequest.ts";
import { pdf, Served, type ServedOptions } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const start = (t: Parameters<typeof Served.start>[0], options?: ServedOptions) =>
  Served.start(t, cluster, options);

async function post(
  served: Served,
  body: NonNullable<RequestInit["body"]>,
  query = "",
  headers: Record<string, string> = {},
) {
  const init: RequestInit = { method: "POST", body, headers, duplex: "half" };
  const response = await served.ask(`/api/documents${query}`, init);
  const answer = (await response.json()) as AddedAnswer & ProblemAnswer;
  return { response, answer, status: response.status };
}

const bytes = (content: Buffer) => new Uint8Array(content);

/** What lies in the file store, half files included. */
function stored(served: Served): string[] {
  const folder = join(served.folder, "files");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

test("a file is sent as it is, and is the document that was sent", async (t) => {
  const served = await start(t);
  const content = Buffer.concat([pdf(), randomBytes(300_000)]);
  const { response, answer, status } = await post(served, bytes(content), "?filename=Befund%202026.pdf");
  assert.equal(status, 201);
  assert.equal(answer.isNew, true);
  const { document } = answer;
  assert.equal(response.headers.get("location"), `/api/documents/${document.id}`);
  assert.deepEqual(
    [document.filename, document.status, document.sizeBytes, document.queuePosition],
    ["Befund 2026.pdf", "queued", content.length, 0],
  );
  assert.deepEqual(document.options, {
    languages: ["auto"],
    textLayer: "auto",
    rotate: "auto",
    quality: null,
  });
  const file = join(served.folder, "files", localOwnerId, document.id, "original");
  assert.deepEqual(readFileSync(file), content);
});

test("the same content is there once, unless it is to be read again", async (t) => {
  const served = await start(t);
  const content = pdf();
  const first = await post(served, bytes(content));
  const second = await post(served, bytes(content), "?filename=other.pdf");
  assert.deepEqual([second.status, second.answer.isNew], [200, false]);
  assert.equal(second.answer.document.id, first.answer.document.id);
  assert.equal(stored(served).length, 1);
  const forced = await post(served, bytes(content), "?force=1");
  assert.deepEqual([forced.status, forced.answer.isNew], [201, true]);
  for (const same of ["?languages=auto", "?languages=eng", "?quality=balanced"])
    assert.equal((await post(served, bytes(content), same)).status, 200, same);
  const thorough = await post(served, bytes(content), "?quality=best");
  assert.deepEqual([thorough.status, thorough.answer.document.options.quality], [201, "best"]);
  assert.equal((await post(served, bytes(content), "?quality=perfect")).status, 400);
  const otherwise = await post(served, bytes(content), "?languages=fra,eng&textLayer=never");
  assert.deepEqual(otherwise.answer.document.options, {
    languages: ["fra", "eng"],
    textLayer: "never",
    rotate: "auto",
    quality: null,
  });
});

test("a form brings one file, with fields before and after it", async (t) => {
  const served = await start(t);
  const form = new FormData();
  form.append("languages", "fra");
  form.append("file", new Blob([bytes(pdf())], { type: "text/html" }), "C:\\scans\\brief.pdf");
  form.append("textLayer", "only");
  form.append("quality", "fast");
  const { status, answer } = await post(served, form);
  assert.equal(status, 201);
  assert.equal(answer.document.filename, "brief.pdf");
  assert.deepEqual(answer.document.options, {
    languages: ["fra"],
    textLayer: "only",
    rotate: "auto",
    quality: "fast",
  });
  const named = new FormData();
  named.append("filename", "on purpose.pdf");
  named.append("anything", new Blob([bytes(pdf())]), "x.pdf");
  assert.equal((await post(served, named)).answer.document.filename, "on purpose.pdf");
});

test("a name may come with the header of the body, in all its spellings", async (t) => {
  const served = await start(t);
  for (const [header, name] of [
    ['attachment; filename="letter one.pdf"', "letter one.pdf"],
    ["attachment; filename*=UTF-8''M%C3%BCller.pdf", "Müller.pdf"],
    [Buffer.from('attachment; filename="Müller.pdf"').toString("latin1"), "Müller.pdf"],
    ['attachment; filename="M\u00fcller.pdf"', "Müller.pdf"],
    ['attachment; filename="../../etc/passwd"', "passwd"],
    ["attachment", "document"],
    ["attachment; filename=", "document"],
    [";;=garbage", "document"],
  ] as const) {
    const { answer } = await post(served, bytes(pdf()), "", { "Content-Disposition": header });
    assert.equal(answer.document.filename, name, header);
  }
});

test("names with paths, control characters and of any length become names that can be shown", async (t) => {
  const served = await start(t);
  for (const [given, name] of [
    ["../../x.pdf", "x.pdf"],
    ["a\nb\0c\u202E.pdf", "a b c.pdf"],
    ["..", "document"],
    ["", "document"],
    [`${"n".repeat(1_000)}.pdf`, `${"n".repeat(251)}.pdf`],
  ] as const) {
    const { answer } = await post(served, bytes(pdf()), `?filename=${encodeURIComponent(given)}`);
    assert.equal(answer.document.filename, name);
  }
});

test("what is no document is refused by its first bytes, whatever it says it is, and nothing is left of it", async (t) => {
  const served = await start(t);
  const heic = Buffer.concat([Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Buffer.alloc(100)]);
  for (const [content, remedy] of [
    [Buffer.from("<html><script>alert(1)</script>"), /Print it to PDF/],
    [Buffer.concat([Buffer.from("PK\x03\x04"), randomBytes(100_000)]), /Save it as PDF/],
    [heic, /Convert it to JPEG/],
    [randomBytes(2_000_000).fill(7, 0, 2_000), /Convert it/],
  ] as const) {
    for (const type of ["application/pdf", "image/png", "application/x-www-form-urlencoded", ""]) {
      const { status, answer } = await post(served, bytes(content), "", { "Content-Type": type });
      assert.deepEqual([status, answer.code], [415, "unsupported_format"], type);
      assert.match(answer.detail, remedy);
    }
    const form = new FormData();
    form.append("file", new Blob([bytes(content)], { type: "application/pdf" }), "x.pdf");
    assert.equal((await post(served, form)).status, 415);
  }
  const empty = await post(served, "");
  assert.deepEqual([empty.status, empty.answer.code], [422, "empty_file"]);
  assert.deepEqual(stored(served), []);
});

test("a lying content type does no harm to a good file", async (t) => {
  const served = await start(t);
  for (const type of ["text/html", "application/json", "garbage", "multipart/mixed; boundary=x"])
    assert.equal((await post(served, bytes(pdf()), "", { "Content-Type": type })).status, 201, type);
});

test("a file over the limit is refused before it is read, or as soon as it is over, and the client is told", async (t) => {
  const served = await start(t, { env: { MAX_FILE_MB: "1" } });
  const big = pdf(30_000_000);
  const announced = await post(served, bytes(big));
  assert.deepEqual([announced.status, announced.answer.code], [413, "file_too_large"]);
  assert.match(announced.answer.detail, /30\.0 MB is over the 1 MB limit/);
  // Without a length: in pieces, until it is enough.
  const unannounced = await post(served, new Blob([bytes(big)]).stream());
  assert.deepEqual([unannounced.status, unannounced.answer.code], [413, "file_too_large"]);
  const form = new FormData();
  form.append("file", new Blob([bytes(pdf(1_000_001))]), "x.pdf");
  assert.equal((await post(served, form)).status, 413);
  assert.deepEqual(stored(served), []);
  assert.equal((await post(served, bytes(pdf(1_000_000)))).status, 201);
  const fitting = new FormData();
  fitting.append("file", new Blob([bytes(pdf(1_000_000))]), "x.pdf");
  assert.equal((await post(served, fitting)).status, 201);
});

test("who asks before it sends is answered first", async (t) => {
  const { port } = await start(t, { env: { MAX_FILE_MB: "1" } });
  const ask = (length: number) => {
    const client = connect(port, "127.0.0.1");
    const head = `POST /api/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n`;
    client.write(`${head}Connection: close\r\n\r\n`);
    return client;
  };
  const refused = ask(2_000_000);
  refused.once("data", () => refused.end());
  assert.match(await text(refused), /^HTTP\/1\.1 413 /);
  const content = pdf();
  const allowed = ask(content.length);
  allowed.once("data", (chunk) => {
    assert.match(String(chunk), /^HTTP\/1\.1 100 Continue/);
    allowed.write(content);
  });
  assert.match(await text(allowed), /HTTP\/1\.1 201 Created/);
});

/** Sends what is given, and then nothing more. */
async function begin(served: Served, head: string, body: Buffer): Promise<Socket> {
  const client = connect(served.port, "127.0.0.1");
  client.write(`POST /api/documents HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n`);
  client.write(body);
  while (stored(served).length === 0) await new Promise((resolve) => setImmediate(resolve));
  return client;
}

async function untilNothingIsLeft(served: Served): Promise<void> {
  while (stored(served).length > 0) await new Promise((resolve) => setImmediate(resolve));
}

test("a client that breaks off leaves nothing, however it does", async (t) => {
  const served = await start(t);
  const part = pdf(200_000);
  const form = (end: string) => {
    const opening = `--b\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n\r\n`;
    return Buffer.concat([Buffer.from(opening), part, Buffer.from(end)]);
  };
  for (const [head, body] of [
    ["Content-Length: 400000", part],
    ["Transfer-Encoding: chunked", Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part])],
    ["Content-Length: 400000\r\nContent-Type: multipart/form-data; boundary=b", form("")],
  ] as const) {
    const destroyed = await begin(served, head, body);
    destroyed.destroy();
    await untilNothingIsLeft(served);
    const halfClosed = await begin(served, head, body);
    halfClosed.end();
    assert.doesNotMatch(await text(halfClosed), /201/);
    await untilNothingIsLeft(served);
  }
  const garbled = await begin(
    served,
    "Transfer-Encoding: chunked",
    Buffer.concat([Buffer.from("30d40\r\n"), part]),
  );
  garbled.write("this is no length\r\n");
  await text(garbled).catch(() => "");
  await untilNothingIsLeft(served);
  assert.deepEqual(await served.documents.list({ limit: 10 }), []);
});

test("a client that goes when all of its form is there, and not yet read, leaves nothing", async (t) => {
  const served = await start(t);
  const client = connect(served.port, "127.0.0.1");
  const { put } = served.files;
  const stored = Promise.withResolvers<unknown>();
  served.files.put = (...of) => {
    const putting = (async () => {
      client.destroy();
      // Until the server has noticed.
      for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
      return put.apply(served.files, of);
    })();
    putting.then(stored.resolve, stored.reject);
    return putting;
  };
  // Of three pieces that come from the network, two are taken, and one waits.
  const opening = '--b\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n\r\n';
  const form = Buffer.concat([Buffer.from(opening), pdf(170_000), Buffer.from("\r\n--b--\r\n")]);
  const head = `POST /api/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${form.length}\r\n`;
  client.write(`${head}Content-Type: multipart/form-data; boundary=b\r\n\r\n`);
  client.write(form);
  await assert.rejects(stored.promise, /the client broke off/);
  await untilNothingIsLeft(served);
});

test("a client that stops sending is cut off, and leaves nothing", async (t) => {
  const hasty = { headersMs: 5_000, idleMs: 200, keepAliveMs: 5_000, checkEveryMs: 50 };
  const served = await start(t, { clientLimits: hasty });
  const client = await begin(served, "Content-Length: 400000", pdf(200_000));
  await text(client).catch(() => "");
  await untilNothingIsLeft(served);
});

test("a form that is none is refused, and leaves nothing", async (t) => {
  const served = await start(t);
  const part = (name: string, file: string | null, content: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${file === null ? "" : `; filename="${file}"`}\r\n\r\n${content}\r\n`;
  const content = String(pdf(100_000));
  const type = "multipart/form-data; boundary=b";
  for (const [why, body, contentType] of [
    ["no boundary", "x", "multipart/form-data"],
    ["empty", "", type],
    ["no parts", "--b--\r\n", type],
    ["no file", `${part("languages", null, "eng")}--b--\r\n`, type],
    ["two files", `${part("file", "a.pdf", content)}${part("more", "b.pdf", content)}--b--\r\n`, type],
    ["no end", part("file", "a.pdf", content), type],
    ["another boundary", `${part("file", "a.pdf", content)}--c--\r\n`, type],
    ["an unknown field", `${part("language", null, "eng")}${part("file", "a.pdf", content)}--b--\r\n`, type],
    [
      "an unknown field after the file",
      `${part("file", "a.pdf", content)}${part("x", null, "y")}--b--\r\n`,
      type,
    ],
    [
      "a field that never ends",
      `${part("languages", null, "x".repeat(5_000))}${part("file", "a.pdf", content)}--b--\r\n`,
      type,
    ],
    [
      "a field of a prototype",
      `${part("__proto__", null, "x")}${part("file", "a.pdf", content)}--b--\r\n`,
      type,
    ],
    [
      "fields without end",
      `${part("force", null, "0").repeat(100)}${part("file", "a.pdf", content)}--b--\r\n`,
      type,
    ],
  ] as const) {
    const answer = await rawRequest(served.port, "/api/documents", {
      method: "POST",
      headers: { "Content-Type": contentType },
      body,
    });
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [400, "invalid_request"], why);
    await untilNothingIsLeft(served);
  }
});

test("options that cannot be are refused before anything is sent", async (t) => {
  const served = await start(t);
  for (const [query, status, code] of [
    ["?languages=xyz", 422, "language_missing"],
    ["?languages=../../etc", 422, "language_missing"],
    ["?languages=auto,eng", 422, "language_missing"],
    ["?languages=,", 422, "invalid_document"],
    [
      `?languages=${Array.from({ length: 11 }, (_, index) => `en${"abcdefghijk"[index]}`).join()}`,
      422,
      "invalid_document",
    ],
    ["?textLayer=maybe", 400, "invalid_request"],
    ["?force=yes", 400, "invalid_request"],
    ["?ownerId=x", 400, "invalid_request"],
  ] as const) {
    const { status: given, answer } = await post(served, bytes(pdf()), query);
    assert.deepEqual([given, answer.code], [status, code], query);
  }
  const form = new FormData();
  form.append("file", new Blob([bytes(pdf())]), "x.pdf");
  form.append("languages", "xyz");
  assert.equal((await post(served, form)).answer.code, "language_missing");
  assert.deepEqual(stored(served), []);
});

test("a full queue says when to come again, and leaves nothing", async (t) => {
  const served = await start(t);
  await served.documents.setLimits({ maxQueuedPerOwner: 1, maxQueued: 100 });
  assert.equal((await post(served, bytes(pdf()))).status, 201);
  const { response, answer, status } = await post(served, bytes(pdf()));
  assert.deepEqual([status, answer.code, answer.retryable], [429, "owner_queue_full", true]);
  assert.equal(response.headers.get("retry-after"), "60");
  await served.documents.setLimits({ maxQueuedPerOwner: 100, maxQueued: 1 });
  assert.equal((await post(served, bytes(pdf()))).answer.code, "queue_full");
  assert.equal(stored(served).length, 1);
});

test("a queue that fills while the file comes in says so too", async (t) => {
  const served = await start(t);
  const content = pdf(100_000);
  const client = await begin(
    served,
    `Content-Length: ${content.length}\r\nConnection: close`,
    content.subarray(0, 50_000),
  );
  await served.add();
  await served.documents.setLimits({ maxQueuedPerOwner: 1, maxQueued: 100 });
  client.write(content.subarray(50_000));
  assert.match(await text(client), /^HTTP\/1\.1 429 .*owner_queue_full/s);
  assert.equal(stored(served).length, 1);
});

test("only so many come in at once", async (t) => {
  const served = await start(t);
  const clients = [];
  for (let count = 0; count < 32; count++) {
    const client = connect(served.port, "127.0.0.1");
    client.write(
      "POST /api/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000\r\n\r\n%PDF-1.7\n",
    );
    client.write(Buffer.alloc(2_000));
    clients.push(client);
  }
  while (stored(served).length < clients.length) await new Promise((resolve) => setImmediate(resolve));
  const { status, answer, response } = await post(served, bytes(pdf()));
  assert.deepEqual([status, answer.code], [429, "too_many_uploads"]);
  assert.equal(response.headers.get("retry-after"), "60");
  for (const client of clients) client.destroy();
  while ((await post(served, bytes(pdf()))).status === 429);
  assert.equal(stored(served).length, 1);
});

test("a file store that is away is said to be so, and nothing is added", async (t) => {
  const served = await start(t);
  // A file stands where the folder should be.
  writeFileSync(join(served.folder, "files"), "");
  const { status, answer, response } = await post(served, bytes(pdf()));
  assert.deepEqual([status, answer.code], [503, "storage_unavailable"]);
  assert.equal(response.headers.get("retry-after"), "10");
  assert.deepEqual(await served.documents.list({ limit: 10 }), []);
});
