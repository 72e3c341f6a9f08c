import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { localOwnerId } from "@quire/core";
import { page, startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { pdf, Served } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

test("the text of what has been read can be saved, under a name that says what it is", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send(pdf(), `?filename=${encodeURIComponent('Müller "2026".pdf')}`);
  const unread = await served.ask(`/api/documents/${id}/text`);
  assert.deepEqual([unread.status, ((await unread.json()) as { code: string }).code], [409, "document_busy"]);
  await served.read([page(1), page(2, { outcome: "blank", text: "" }), page(3, { text: "Größe" })], 4);
  const response = await served.ask(`/api/documents/${id}/text`);
  assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
  const disposition = response.headers.get("content-disposition") ?? "";
  assert.match(
    disposition,
    /^attachment; filename="M\?ller \\"2026\\"\.txt"; filename\*=UTF-8''M%C3%BCller%20%222026%22\.txt$/,
  );
  assert.equal(await response.text(), "Page 1\n\f\fGröße\n");
  const shown = await served.ask(`/api/documents/${id}/text?inline=1`);
  assert.match(shown.headers.get("content-disposition") ?? "", /^inline/);
  const head = await served.ask(`/api/documents/${id}/text`, { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
});

test("all that was read can be saved as JSON", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send(pdf(), "?filename=scan.tar.gz");
  await served.read([page(1), page(2)], 2);
  const response = await served.ask(`/api/documents/${id}/json`);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  assert.match(response.headers.get("content-disposition") ?? "", /filename=scan\.tar\.json$/);
  const { document, pages } = (await response.json()) as { document: unknown; pages: unknown[] };
  assert.deepEqual(document, {
    name: "scan.tar.gz",
    format: "pdf",
    pageCount: 2,
    sizeBytes: 2_000,
    conservative: false,
  });
  assert.deepEqual(
    pages,
    [page(1), page(2)].map((read) => ({ ...read, uncertainNumbers: 0 })),
  );
});

test("a document of any length is sent page by page, no faster than it is read", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const pages = Array.from({ length: 60 }, (_, index) =>
    page(index + 1, { text: "x".repeat(400_000), words: [] }),
  );
  await served.read(pages);
  const client = connect(served.port, "127.0.0.1");
  client.write(`GET /api/documents/${id}/text HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await once(client, "readable");
  // Had it been sent whole, or collected, this would not show: the rest is looked up when there is room for it.
  await served.database.query("update public.page_contents set text = 'changed' where page_number = 60");
  const answer = await text(client);
  assert.ok(answer.length > 59 * 400_000);
  assert.match(answer, /changed\n/);
});

test("an answer that nobody fetches is cut off", async (t) => {
  const hasty = { headersMs: 5_000, idleMs: 1_000, keepAliveMs: 5_000, checkEveryMs: 50 };
  const served = await Served.start(t, cluster, { clientLimits: hasty });
  const id = await served.add(localOwnerId, Buffer.concat([pdf(), randomBytes(30_000_000)]));
  const opened = Promise.withResolvers<Readable>();
  const { open } = served.files;
  served.files.open = async (...of) => {
    const file = await open.apply(served.files, of);
    if (of[1] === undefined) opened.resolve(file);
    return file;
  };
  const client = connect(served.port, "127.0.0.1");
  client.write(`GET /api/documents/${id}/original HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const file = await opened.promise;
  await new Promise((resolve) => file.once("close", resolve));
  assert.ok(!file.readableEnded);
  // What was sent before can still be read, and is not all of it.
  const received = await text(client).catch(() => "");
  assert.ok(received.length < 30_000_000, `${received.length}`);
});

test("the file as it was sent is not run by the browser, and named by what it is", async (t) => {
  const served = await Served.start(t, cluster);
  const content = pdf(10_000);
  const id = await served.send(content, "?filename=invoice.html");
  const response = await served.ask(`/api/documents/${id}/original?inline=1`);
  assert.equal(response.headers.get("content-type"), "application/pdf");
  assert.equal(response.headers.get("content-security-policy"), "sandbox; default-src 'none'");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("content-disposition"), "inline; filename=invoice.html.pdf");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), content);
  const saved = await served.ask(`/api/documents/${id}/original`);
  assert.match(saved.headers.get("content-disposition") ?? "", /^attachment/);

  const tiff = await served.send(
    Buffer.concat([Buffer.from("II*\0"), randomBytes(2_000)]),
    "?filename=fax.tiff",
  );
  const fax = await served.ask(`/api/documents/${tiff}/original?inline=1`);
  assert.equal(fax.headers.get("content-type"), "image/tiff");
  assert.equal(fax.headers.get("content-disposition"), "attachment; filename=fax.tiff");
});

test("a part of the file is given, where it is asked for", async (t) => {
  const served = await Served.start(t, cluster);
  const content = Buffer.concat([pdf(), randomBytes(500_000)]);
  const id = await served.send(content);
  const ask = (headers: Record<string, string>, method = "GET") =>
    served.ask(`/api/documents/${id}/original`, { method, headers });
  const whole = await ask({});
  assert.equal(whole.headers.get("accept-ranges"), "bytes");
  assert.equal(whole.headers.get("content-length"), `${content.length}`);
  await whole.arrayBuffer();
  const etag = whole.headers.get("etag") ?? "";
  const part = await ask({ Range: "bytes=100000-199999", "If-Range": etag });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), `bytes 100000-199999/${content.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), content.subarray(100_000, 200_000));
  const last = await ask({ Range: "bytes=-10" });
  assert.deepEqual(Buffer.from(await last.arrayBuffer()), content.subarray(-10));
  const changed = await ask({ Range: "bytes=0-9", "If-Range": '"another"' });
  assert.equal(changed.status, 200);
  await changed.arrayBuffer();
  const beyond = await ask({ Range: `bytes=${content.length}-` });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get("content-range"), `bytes */${content.length}`);
  assert.equal(((await beyond.json()) as { code: string }).code, "range_not_satisfiable");
  const head = await ask({ Range: "bytes=0-9" }, "HEAD");
  assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [206, "10", ""]);
});

test("a file that is not in the store is said to be missing", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const [row] = await served.database.query<{ key: string }>(
    "select storage_key as key from public.documents where id = $1",
    [id],
  );
  await served.files.delete(row?.key ?? "");
  const response = await served.ask(`/api/documents/${id}/original`);
  assert.deepEqual(
    [response.status, ((await response.json()) as { code: string }).code],
    [404, "file_missing"],
  );
  assert.equal(response.headers.get("content-disposition"), null);
});
