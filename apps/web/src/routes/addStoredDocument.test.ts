import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { localOwnerId } from "@quire/core";
import { originalKey } from "@quire/store";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import type { AddedAnswer, ProblemAnswer } from "../api/shapes.ts";
import { Issuer } from "../testing/issuer.ts";
import { pdf, Served } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** Places a file as a browser does at Supabase. @returns the id that its document is to have */
async function place(served: Served, content: Buffer, ownerId = localOwnerId): Promise<string> {
  const id = randomUUID();
  await served.files.put(originalKey(ownerId, id), Readable.from([content]));
  return id;
}

function add(served: Served, body: unknown): Promise<Response> {
  return served.ask("/api/documents/stored", { method: "POST", body: JSON.stringify(body) });
}

async function refusal(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as ProblemAnswer).code];
}

const isKept = (served: Served, id: string, ownerId = localOwnerId) =>
  served.files.size(originalKey(ownerId, id)).then(
    () => true,
    () => false,
  );

test("a file that was placed becomes a document, once, with what was said of it", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await place(served, pdf(5_000));
  const body = { id, filename: "C:\\scans\\März.pdf", options: { languages: ["eng"], textLayer: "never" } };
  const first = await add(served, body);
  assert.equal(first.status, 201);
  assert.equal(first.headers.get("Location"), `/api/documents/${id}`);
  const { document, isNew } = (await first.json()) as AddedAnswer;
  assert.deepEqual(
    [document.id, isNew, document.filename, document.sizeBytes, document.status, document.options],
    [
      id,
      true,
      "März.pdf",
      5_000,
      "queued",
      { languages: ["eng"], textLayer: "never", rotate: "auto", quality: null },
    ],
  );
  const second = await add(served, { ...body, id: id.toUpperCase() });
  assert.deepEqual([second.status, ((await second.json()) as AddedAnswer).document.id], [200, id]);
  const claim = await served.claim();
  assert.deepEqual([claim.documentId, claim.sha256], [id, null]);
});

test("a file that will not do is refused and removed", async (t) => {
  const served = await Served.start(t, cluster, { env: { MAX_FILE_MB: "0.01" } });
  for (const [content, expected] of [
    [pdf(10_001), [413, "file_too_large"]],
    [Buffer.from("hello, this is a letter"), [415, "unsupported_format"]],
    [Buffer.alloc(0), [422, "empty_file"]],
  ] as const) {
    const id = await place(served, content);
    assert.deepEqual(await refusal(await add(served, { id, filename: "a.pdf" })), expected);
    assert.equal(await isKept(served, id), false);
  }
});

test("what may be added later stays, and what is not there is said to be missing", async (t) => {
  const served = await Served.start(t, cluster);
  await place(served, pdf());
  assert.deepEqual(await refusal(await add(served, { id: randomUUID(), filename: "a.pdf" })), [
    404,
    "file_missing",
  ]);
  await served.database.query("update quire.limits set max_queued_per_owner = 1");
  await served.send();
  const id = await place(served, pdf());
  assert.deepEqual(await refusal(await add(served, { id, filename: "a.pdf" })), [429, "owner_queue_full"]);
  assert.equal(await isKept(served, id), true);
});

test("a request that is not as it must be is refused, and nothing of it repeated", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await place(served, pdf());
  const filename = "a.pdf";
  for (const body of [
    null,
    [],
    { filename },
    { id: "../../other", filename },
    { id },
    { id, filename: "x".repeat(4_097) },
    { id, filename, options: { languages: [] } },
    { id, filename, options: { textLayer: "sometimes" } },
    { id, filename, force: "yes" },
    { id, filename: "y".repeat(40_000) },
  ])
    assert.deepEqual(await refusal(await add(served, body)), [400, "invalid_request"]);
  const broken = await served.ask("/api/documents/stored", { method: "POST", body: "{" });
  assert.deepEqual(await refusal(broken), [400, "invalid_request"]);
  const language = { id, filename, options: { languages: ["xyz"] } };
  assert.deepEqual(await refusal(await add(served, language)), [422, "language_missing"]);
  assert.equal(await isKept(served, id), true);
});

test("a file is taken from its owner alone", async (t) => {
  const issuer = await Issuer.start(t);
  const served = await Served.start(t, cluster, { env: issuer.env });
  const [ann, ben] = [randomUUID(), randomUUID()];
  const id = await place(served, pdf(), ann);
  served.token = await issuer.token(ben);
  assert.deepEqual(await refusal(await add(served, { id, filename: "a.pdf" })), [404, "file_missing"]);
  assert.equal(await isKept(served, id, ann), true);
  served.token = await issuer.token(ann);
  assert.equal((await add(served, { id, filename: "a.pdf" })).status, 201);
  served.token = await issuer.token(ben);
  await served.files.put(originalKey(ben, id), Readable.from([pdf()]));
  assert.deepEqual(await refusal(await add(served, { id, filename: "a.pdf" })), [422, "invalid_document"]);
  assert.equal((await served.ask(`/api/documents/${id}`)).status, 404);
});
