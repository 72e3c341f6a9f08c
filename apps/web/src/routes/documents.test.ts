import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { localOwnerId, type Word } from "@quire/core";
import { page, startMigratedCluster, type TestCluster } from "@quire/store/testing";
import type {
  DocumentAnswer,
  DocumentListAnswer,
  OperationsAnswer,
  PageListAnswer,
  PageWithWordsAnswer,
  ReprocessedAnswer,
  SearchAnswer,
} from "../api/shapes.ts";
import { rawRequest } from "../testing/rawRequest.ts";
import { anotherOwnerId, pdf, Served } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

async function json<Answer>(response: Response | Promise<Response>): Promise<Answer> {
  return (await (await response).json()) as Answer;
}

async function refusal(answer: Response | Promise<Response>): Promise<[number, string]> {
  const response = await answer;
  return [response.status, (await json<{ code: string }>(response)).code];
}

test("the list is given in parts, the newest first, by status", async (t) => {
  const served = await Served.start(t, cluster);
  const empty = await json<DocumentListAnswer>(served.ask("/api/documents"));
  assert.deepEqual(empty, { documents: [], next: null });
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.unshift(await served.send());
  const listed: string[] = [];
  let parts = 0;
  for (let after: string | null = ""; after !== null; parts++) {
    const query: string = after === "" ? "" : `&after=${encodeURIComponent(after)}`;
    const part: DocumentListAnswer = await json(served.ask(`/api/documents?limit=2${query}`));
    listed.push(...part.documents.map(({ id }) => id));
    after = part.next;
  }
  assert.deepEqual([listed, parts], [ids, 3]);
  await served.ask(`/api/documents/${ids[2]}/cancel`, { method: "POST" });
  const cancelled = await json<DocumentListAnswer>(served.ask("/api/documents?status=cancelled"));
  assert.deepEqual(
    cancelled.documents.map(({ id }) => id),
    [ids[2]],
  );
  const waiting = await json<DocumentListAnswer>(served.ask("/api/documents?status=queued"));
  assert.deepEqual(
    waiting.documents.map(({ queuePosition }) => queuePosition),
    [3, 2, 1, 0],
  );
});

test("another owner's document is not there, whatever is asked of it", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.add(anotherOwnerId);
  const claim = await served.read([page(1, { text: "secret words" })]);
  await claim.finish(0.5);
  const before = await served.documents.get(id);
  for (const [method, path] of everyPath(id)) {
    const answer = await served.ask(path, { method });
    assert.deepEqual(await refusal(answer), [404, "document_not_found"], `${method} ${path}`);
  }
  assert.deepEqual(await served.documents.get(id), before);
  assert.deepEqual((await json<DocumentListAnswer>(served.ask("/api/documents"))).documents, []);
  assert.deepEqual((await json<SearchAnswer>(served.ask("/api/search?q=secret"))).hits, []);
});

test("an id that is none is not there", async (t) => {
  const served = await Served.start(t, cluster);
  const garbage = [
    "x",
    "1",
    "%00",
    "..%2f..%2fx",
    "0".repeat(36),
    "null",
    `${randomUUID()}x`,
    "%F0%9F%98%80",
  ];
  for (const id of [...garbage, randomUUID()])
    for (const [method, path] of everyPath(id))
      assert.deepEqual(await refusal(served.ask(path, { method })), [404, "document_not_found"], path);
});

function everyPath(id: string): [method: string, path: string][] {
  const read = ["", "/pages", "/pages/1", "/pages/1/preview", "/text", "/json", "/original", "/events"];
  return [
    ...read.map((path): [string, string] => ["GET", `/api/documents/${id}${path}`]),
    ["DELETE", `/api/documents/${id}`],
    ...["/cancel", "/retry", "/reprocess"].map((path): [string, string] => [
      "POST",
      `/api/documents/${id}${path}`,
    ]),
  ];
}

test("a document is stopped, tried again and read anew, where it may be", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const act = (what: string) => served.ask(`/api/documents/${id}/${what}`, { method: "POST" });
  assert.deepEqual(await refusal(act("retry")), [409, "document_busy"]);
  assert.deepEqual(await refusal(act("reprocess")), [409, "document_busy"]);
  assert.equal((await json<DocumentAnswer>(act("cancel"))).status, "cancelled");
  assert.equal((await json<DocumentAnswer>(act("cancel"))).status, "cancelled");
  const again = await json<DocumentAnswer>(act("retry"));
  assert.deepEqual([again.status, again.queuePosition], ["queued", 0]);
  const claim = await served.read([page(1), page(2)]);
  await claim.finish(0.5);
  assert.equal((await served.getDocument(id)).status, "completed");
  const anew = await json<DocumentAnswer>(act("reprocess"));
  assert.deepEqual([anew.status, anew.isBeingReadAnew, anew.pagesDone], ["queued", true, 0]);
});

test("a full queue says when to come again, to who tries again too", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  await served.ask(`/api/documents/${id}/cancel`, { method: "POST" });
  await served.send();
  await served.documents.setLimits({ maxQueuedPerOwner: 1, maxQueued: 100 });
  const refused = await served.ask(`/api/documents/${id}/retry`, { method: "POST" });
  assert.equal(refused.headers.get("retry-after"), "60");
  assert.deepEqual(await refusal(refused), [429, "owner_queue_full"]);
});

test("what went wrong with a document and its pages is told", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const claim = await served.claim();
  await claim.fail("encrypted_pdf", "It needs a password.");
  const document = await served.getDocument(id);
  assert.deepEqual(document.error, { code: "encrypted_pdf", message: "It needs a password." });
  assert.equal(document.status, "failed");
  assert.deepEqual(await refusal(served.ask(`/api/documents/${id}/text`)), [404, "page_not_found"]);
  assert.deepEqual((await json<PageListAnswer>(served.ask(`/api/documents/${id}/pages`))).pages, []);
});

test("pages are there as soon as they are read, in parts, with their words", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const failed = page(3, {
    outcome: "failed",
    text: "",
    words: [],
    error: { code: "page_timeout", message: "Too slow." },
  });
  await served.read([page(1), page(2), failed], 5);
  const first = await json<PageListAnswer>(served.ask(`/api/documents/${id}/pages?limit=2`));
  assert.deepEqual([first.pages.map(({ pageNumber }) => pageNumber), first.next], [[1, 2], "2"]);
  const rest = await json<PageListAnswer>(served.ask(`/api/documents/${id}/pages?after=${first.next}`));
  assert.equal(rest.next, null);
  assert.deepEqual(rest.pages[0]?.error, { code: "page_timeout", message: "Too slow." });
  const one = await json<PageWithWordsAnswer>(served.ask(`/api/documents/${id}/pages/2`));
  assert.deepEqual([one.text, one.words, one.previewUrl], ["Page 2", page(2).words, null]);
  for (const number of ["4", "0", "-1", "x", "1.0", "99999999999", "2147483648"])
    assert.deepEqual(
      await refusal(served.ask(`/api/documents/${id}/pages/${number}`)),
      [404, "page_not_found"],
      number,
    );
  assert.deepEqual(await refusal(served.ask(`/api/documents/${id}/pages/1/preview`)), [
    404,
    "page_not_found",
  ]);
  assert.deepEqual(await refusal(served.ask(`/api/documents/${id}/pages?limit=100000`)), [
    400,
    "invalid_request",
  ]);
});

test("a page's picture is kept by the browser as long as it is that reading's", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const claim = await served.claim();
  await claim.describe({ pageCount: 1, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
  const picture = Buffer.from("RIFF....WEBP");
  await served.files.put(claim.previewKey(1), Readable.from([picture]));
  await claim.savePage(page(1), picture.length);
  const { previewUrl } = await json<PageWithWordsAnswer>(served.ask(`/api/documents/${id}/pages/1`));
  assert.ok(previewUrl);
  const response = await served.ask(previewUrl);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "image/webp");
  assert.equal(response.headers.get("cache-control"), "private, max-age=31536000, immutable");
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), picture);
  const bare = await served.ask(previewUrl.replace(/\?.*/, ""));
  assert.equal(bare.headers.get("cache-control"), "private, no-cache");
  assert.equal(
    (await served.ask(previewUrl.replace(/v=.*/, "v=9.9"))).headers.get("cache-control"),
    "private, no-cache",
  );
  const etag = bare.headers.get("etag") ?? "";
  const known = await rawRequest(served.port, previewUrl, { headers: { "If-None-Match": etag } });
  assert.deepEqual([known.status, known.body, known.headers.etag], [304, "", etag]);
  await served.files.delete(claim.previewKey(1));
  assert.deepEqual(await refusal(served.ask(previewUrl)), [404, "file_missing"]);
});

test("a document that is deleted is gone with its files, and is said to be gone", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const claim = await served.claim();
  await claim.describe({ pageCount: 1, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
  await served.files.put(claim.previewKey(1), Readable.from([Buffer.from("picture")]));
  await claim.savePage(page(1, { text: "to be forgotten" }), 7);
  const deleted = await served.ask(`/api/documents/${id}`, { method: "DELETE" });
  assert.deepEqual([deleted.status, await deleted.text()], [204, ""]);
  for (const [method, path] of everyPath(id)) {
    if (method === "DELETE") continue;
    assert.deepEqual(await refusal(served.ask(path, { method })), [410, "document_erased"], path);
  }
  assert.equal((await served.ask(`/api/documents/${id}`, { method: "DELETE" })).status, 204);
  const folder = join(served.folder, "files", localOwnerId);
  assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], []);
  assert.deepEqual((await json<SearchAnswer>(served.ask("/api/search?q=forgotten"))).hits, []);
  await assert.rejects(claim.savePage(page(2)));
});

test("words are found in what was read, with what stands around them", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send(pdf(), "?filename=Befund.pdf");
  await served.read(
    [page(1, { text: "the left ventricle is normal" }), page(2, { text: "nothing here" })],
    3,
  );
  const { hits, next } = await json<SearchAnswer>(served.ask("/api/search?q=ventric"));
  assert.equal(next, null);
  assert.equal(hits.length, 1);
  assert.deepEqual([hits[0]?.documentId, hits[0]?.filename, hits[0]?.pageNumber], [id, "Befund.pdf", 1]);
  const snippet = hits[0]?.snippet ?? [];
  assert.deepEqual(
    snippet.filter(({ isMatch }) => isMatch).map(({ text }) => text),
    ["ventricle"],
  );
  const within = await json<SearchAnswer>(served.ask(`/api/search?q=ventricle&document=${id}`));
  assert.equal(within.hits.length, 1);
  for (const query of ["", "?q=", "?q=%20", "?q=%22", "?q=a%00b", "?q=%27%3B--", `?q=${"x".repeat(1_000)}`]) {
    const response = await served.ask(`/api/search${query}`);
    assert.ok([200, 400].includes(response.status), `${query.slice(0, 20)} ${response.status}`);
  }
  assert.equal((await served.ask(`/api/search?q=${"x".repeat(1_001)}`)).status, 400);
});

test("operations are shown to who has the token, where one is set", async (t) => {
  const token = "0123456789abcdef";
  const served = await Served.start(t, cluster, { env: { OPERATIONS_TOKEN: token } });
  for (const path of ["/api/operations", "/api/operations/memory"]) {
    const refused = await served.ask(path);
    assert.equal(refused.headers.get("www-authenticate"), "Bearer");
    assert.deepEqual(await refusal(refused), [401, "unauthorized"]);
    const wrong = await served.ask(path, { headers: { Authorization: `Bearer ${token}x` } });
    assert.equal(wrong.status, 401);
    const allowed = await served.ask(path, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(allowed.status, 200);
  }
});

test("documents that gave up are shown, and put back by trying again", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const claim = await served.claim();
  await claim.fail("no_progress", "It stopped moving.");
  const operations = await json<OperationsAnswer>(served.ask("/api/operations"));
  assert.deepEqual(
    operations.deadLetters.map((document) => document.id),
    [id],
  );
  assert.deepEqual(operations.watermarks, { elevated: 0.7, high: 0.85, critical: 0.95 });
  const retry = { method: "POST" };
  assert.equal((await served.ask(`/api/operations/documents/${id}/retry`, retry)).status, 204);
  assert.equal((await served.ask(`/api/operations/documents/${id}/retry`, retry)).status, 409);
  assert.equal((await served.ask("/api/operations/documents/1/retry", retry)).status, 404);
  const [logged] = await served.database.query<{ actor: string }>(
    "select actor from audit_log where action = 'retried'",
  );
  assert.equal(logged?.actor, "operator");
  const after = await json<OperationsAnswer>(served.ask("/api/operations"));
  assert.deepEqual([after.deadLetters, after.queue.small.waiting], [[], 1]);
  assert.equal((await served.ask("/api/operations/memory?hours=49")).status, 400);
});

const box = { x: 1, y: 2, width: 3, height: 4 };
const uncertain: Word = {
  text: "31",
  alternative: "37",
  confidence: 60,
  uncertain: true,
  box,
  line: 0,
  block: 0,
};

test("numbers to check are told of a document, of its pages and of their words, with what read them", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const missing = { warnings: ["script_not_covered"], missingLanguage: "rus" } as const;
  const pages = [
    page(1),
    page(2, { words: [uncertain, uncertain] }),
    page(3, { ...missing, warnings: [...missing.warnings] }),
  ];
  await (await served.read(pages)).finish(1);
  const { documents } = await json<DocumentListAnswer>(served.ask("/api/documents"));
  for (const document of [await served.getDocument(id), documents[0]])
    assert.deepEqual([document?.uncertainNumbers, document?.uncertainPages], [2, [2]]);
  const listed = await json<PageListAnswer>(served.ask(`/api/documents/${id}/pages`));
  assert.deepEqual(
    listed.pages.map(({ uncertainNumbers, missingLanguage }) => [uncertainNumbers, missingLanguage]),
    [
      [0, null],
      [2, null],
      [0, "rus"],
    ],
  );
  const second = await json<PageWithWordsAnswer>(served.ask(`/api/documents/${id}/pages/2`));
  assert.deepEqual([second.words, second.reader], [[uncertain, uncertain], pages[1]?.reader]);
});

test("what an earlier version read has no reader, and its numbers count as not checked", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  await (await served.read([page(1, { words: [uncertain, { ...uncertain, text: "mg" }] })])).finish(1);
  await served.database.query("update pages set reader = null, uncertain_numbers = null");
  await served.database.query(
    `update page_contents set words = (select jsonb_agg(w - 'uncertain' - 'alternative') from jsonb_array_elements(words) w)`,
  );
  assert.equal((await served.getDocument(id)).uncertainNumbers, null);
  const read = await json<PageWithWordsAnswer>(served.ask(`/api/documents/${id}/pages/1`));
  assert.deepEqual([read.reader, read.uncertainNumbers], [null, 1]);
  assert.deepEqual(
    read.words.map((word) => word.uncertain),
    [true, false],
  );
});

test("documents of an older reader are queued from the operations page", async (t) => {
  const served = await Served.start(t, cluster);
  const olderCount = async () =>
    (await json<OperationsAnswer>(served.ask("/api/operations"))).readByOlderReader;
  const ids = [await served.send(), await served.send()];
  for (const _ of ids) await (await served.read([page(1)])).finish(1);
  assert.equal(await olderCount(), 0);
  await served.database.query("update pages set reader = null");
  assert.equal(await olderCount(), 2);
  const reprocess = (query: string) => served.ask(`/api/operations/reprocess${query}`, { method: "POST" });
  assert.deepEqual(await json<ReprocessedAnswer>(reprocess("?limit=1")), { queued: 1, remaining: 1 });
  assert.deepEqual(await json<ReprocessedAnswer>(reprocess("")), { queued: 1, remaining: 0 });
  for (const id of ids) assert.equal((await served.getDocument(id)).status, "queued");
  assert.equal(await olderCount(), 0);
  assert.equal((await reprocess("?limit=1001")).status, 400);
});
