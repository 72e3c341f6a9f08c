import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { localOwnerId, type PageResult } from "@quire/core";
import { makeOutput } from "@quire/outputs";
import { eraseOriginals, outputKey } from "@quire/store";
import { page, startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { anotherOwnerId, pdf, Served } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** Sends a document and has it read to its end. @returns its id */
async function finished(served: Served, pages: readonly PageResult[], query = ""): Promise<string> {
  const id = await served.send(pdf(), query);
  await (await served.read(pages)).finish(1);
  return id;
}

const rowsOf = (served: Served) =>
  served.database.query<{ format: string; claim: number }>(
    "select format, claim from outputs order by format",
  );

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

test("a document that has been read is had in every format, as a file with a size, a tag and parts", async (t) => {
  const served = await Served.start(t, cluster);
  const pages = [page(1), page(2, { text: "Größe" })];
  const id = await finished(served, pages, "?filename=Befund.2026.pdf");
  const facts = { format: "pdf", pageCount: 2, sizeBytes: 2_000, conservative: false } as const;
  for (const [format, type, ending] of [
    ["text", "text/plain; charset=utf-8", "txt"],
    ["json", "application/json; charset=utf-8", "json"],
    ["ndjson", "application/x-ndjson", "ndjson"],
    ["hocr", "text/html; charset=utf-8", "hocr"],
    ["alto", "application/xml", "alto.xml"],
  ] as const) {
    const ask = (headers: Record<string, string> = {}, method = "GET") =>
      served.ask(`/api/documents/${id}/${format}`, { method, headers });
    const whole = await ask();
    const content = Buffer.from(await whole.arrayBuffer());
    const document = { name: "Befund.2026.pdf", facts, originalPath: null };
    const expected: Uint8Array[] = [];
    const source = served.documents.pages(id);
    for await (const part of makeOutput({ format, pages: source, ...document }, {})) expected.push(part);
    assert.deepEqual(content, Buffer.concat(expected), format);
    assert.equal(whole.headers.get("content-type"), type);
    assert.equal(whole.headers.get("content-length"), `${content.length}`);
    assert.equal(whole.headers.get("accept-ranges"), "bytes");
    assert.equal(whole.headers.get("content-disposition"), `attachment; filename=Befund.2026.${ending}`);
    assert.equal(whole.headers.get("content-security-policy"), "sandbox; default-src 'none'");
    const etag = whole.headers.get("etag") ?? "";
    assert.match(etag, /^"[0-9a-f]{64}"$/);
    const part = await ask({ Range: "bytes=3-9", "If-Range": etag });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get("content-range"), `bytes 3-9/${content.length}`);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), content.subarray(3, 10));
    const beyond = await ask({ Range: `bytes=${content.length}-` });
    assert.deepEqual([beyond.status, await codeOf(beyond)], [416, "range_not_satisfiable"]);
    const head = await ask({}, "HEAD");
    assert.deepEqual([head.status, head.headers.get("content-length")], [200, `${content.length}`]);
    const of = { ownerId: localOwnerId, documentId: id, run: 1, claim: 1, format };
    assert.deepEqual(readFileSync(join(served.folder, "files", outputKey(of))), content);
  }
  assert.equal((await rowsOf(served)).length, 5);
});

test("text with marks is made for who asks for it, and not kept", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await finished(served, [page(1)]);
  const marked = await served.ask(`/api/documents/${id}/text?mark=uncertain`);
  assert.deepEqual([marked.status, await marked.text()], [200, "Page 1\n"]);
  assert.deepEqual(await rowsOf(served), []);
  for (const refused of ["text?mark=everything", "json?mark=uncertain"])
    assert.equal((await served.ask(`/api/documents/${id}/${refused}`)).status, 400, refused);
});

test("the PDF is the file that was sent, with what was read on it; of what only passes for one there is none", async (t) => {
  const served = await Served.start(t, cluster);
  const sample = readFileSync(new URL("../../../../samples/scan.pdf", import.meta.url));
  const id = await served.send(sample, "?filename=scan.pdf");
  const box = { x: 100, y: 200, width: 300, height: 40 };
  const words = [{ text: "Operationsbericht", confidence: 95, uncertain: false, box, line: 0, block: 0 }];
  await (await served.read([page(1, { text: "Operationsbericht", words })])).finish(1);
  const whole = await served.ask(`/api/documents/${id}/pdf?inline=1`);
  assert.equal(whole.headers.get("content-type"), "application/pdf");
  assert.equal(whole.headers.get("content-disposition"), "inline; filename=scan.pdf");
  const content = Buffer.from(await whole.arrayBuffer());
  assert.ok(content.subarray(0, sample.length).equals(sample));
  assert.ok(content.length > sample.length);
  const part = await served.ask(`/api/documents/${id}/pdf`, { headers: { Range: "bytes=100-" } });
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), content.subarray(100));
  const opened = await getDocument({ data: new Uint8Array(content), verbosity: 0 }).promise;
  const { items } = await (await opened.getPage(1)).getTextContent();
  await opened.loadingTask.destroy();
  assert.deepEqual(
    items.map((item) => ("str" in item ? item.str.trim() : "")).filter((text) => text !== ""),
    ["Operationsbericht"],
  );

  const bad = await finished(served, [page(1)]);
  const refused = await served.ask(`/api/documents/${bad}/pdf`);
  assert.deepEqual([refused.status, await codeOf(refused)], [422, "pdf_unwritable"]);
  assert.deepEqual(await rowsOf(served), [{ format: "pdf", claim: 1 }]);
  assert.equal((await served.ask(`/api/documents/${bad}/hocr`)).status, 200);
});

test("while a document is read, text and JSON are what there is, and nothing is kept; the rest is to come", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const claim = await served.read([page(1)], 2);
  const ask = (format: string) => served.ask(`/api/documents/${id}/${format}`);
  assert.equal(await (await ask("text")).text(), "Page 1\n");
  assert.equal(((await (await ask("json")).json()) as { pages: unknown[] }).pages.length, 1);
  for (const format of ["ndjson", "hocr", "alto", "pdf"]) {
    const refused = await ask(format);
    assert.deepEqual([refused.status, await codeOf(refused)], [409, "document_busy"], format);
  }
  assert.deepEqual(await rowsOf(served), []);
  await claim.savePage(page(2));
  await claim.finish(1);
  assert.equal(await (await ask("text")).text(), "Page 1\n\fPage 2\n");

  // Of a document that is read anew the pages that can be seen stay as they are.
  await served.documents.reprocess(id);
  const anew = await served.read([page(1, { text: "anew" })], 2);
  assert.equal(await (await ask("text")).text(), "Page 1\n\fPage 2\n");
  assert.equal((await ask("hocr")).status, 200);
  await anew.savePage(page(2));
  await anew.finish(1);
  assert.deepEqual(await rowsOf(served), []);
  assert.equal(await (await ask("text")).text(), "anew\n\fPage 2\n");
  assert.deepEqual(await rowsOf(served), [{ format: "text", claim: 2 }]);
});

test("of another's document, and of none, nothing is made, and there is no telling them apart", async (t) => {
  const served = await Served.start(t, cluster);
  await served.add(anotherOwnerId);
  const theirs = await served.claim();
  await theirs.describe({ pageCount: 1, contentType: "application/pdf", sha256: theirs.sha256 ?? "" });
  await theirs.savePage(page(1));
  await theirs.finish(1);
  for (const format of ["text", "json", "ndjson", "hocr", "alto", "pdf"]) {
    const [other, none] = await Promise.all(
      [theirs.documentId, crypto.randomUUID()].map((id) => served.ask(`/api/documents/${id}/${format}`)),
    );
    assert.deepEqual([other?.status, none?.status], [404, 404]);
    assert.equal(await other?.text(), await none?.text());
  }
  assert.deepEqual(await rowsOf(served), []);
});

test("outputs are deleted with their document, at once", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await finished(served, [page(1)]);
  for (const format of ["text", "alto"]) assert.ok((await served.ask(`/api/documents/${id}/${format}`)).ok);
  assert.equal((await served.ask(`/api/documents/${id}`, { method: "DELETE" })).status, 204);
  assert.ok(!existsSync(join(served.folder, "files", localOwnerId, id)));
  assert.deepEqual(await served.database.query("select * from quire.files_to_delete"), []);
  const gone = await served.ask(`/api/documents/${id}/text`);
  assert.deepEqual([gone.status, await codeOf(gone)], [410, "document_erased"]);
});

test("without its original a document is had as anything but a PDF", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await finished(served, [page(1)]);
  await served.database.query("update documents set finished_at = now() - interval '2 days'");
  await eraseOriginals(served.database, 1, () => true);
  const refused = await served.ask(`/api/documents/${id}/pdf`);
  assert.deepEqual([refused.status, await codeOf(refused)], [410, "original_erased"]);
  assert.equal((await served.ask(`/api/documents/${id}/hocr`)).status, 200);
});

test("who leaves while a file is made is not waited for; it is made all the same", async (t) => {
  const served = await Served.start(t, cluster);
  const text = "x".repeat(1_000_000);
  const id = await finished(
    served,
    Array.from({ length: 8 }, (_, index) => page(index + 1, { text, words: [] })),
  );
  const { put } = served.files;
  const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  served.files.put = (...of) => {
    begun.resolve();
    const stored = put.apply(served.files, of);
    stored.finally(done.resolve).catch(() => {});
    return stored;
  };
  const client = connect(served.port, "127.0.0.1");
  client.write(`GET /api/documents/${id}/ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await begun.promise;
  client.destroy();
  await once(client, "close");
  await done.promise;
  served.files.put = () => assert.fail("it is made once");
  const answer = await served.ask(`/api/documents/${id}/ndjson`);
  assert.equal(answer.status, 200);
  assert.ok((await answer.text()).length > 8_000_000);
});
