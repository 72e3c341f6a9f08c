import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { localOwnerId } from "@quire/core";
import { eraseOriginals } from "@quire/store";
import { page, startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { apiRoutes } from "../routes/routes.ts";
import { anotherOwnerId, pdf, Served } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

interface Entry {
  readonly action: string;
  readonly document_id: string | null;
  readonly actor: string;
  readonly via: string;
  readonly request_id: string | null;
}

const entries = (served: Served) =>
  served.database.query<Entry>(
    "select action, document_id, actor, via, request_id from audit_log order by id",
  );

test("what is asked for over the API is logged with its request, once an hour and document; content never", async (t) => {
  const served = await Served.start(t, cluster);
  const sent = await served.ask("/api/documents?filename=Musterfrau-HIV.pdf", {
    method: "POST",
    body: new Uint8Array(pdf()),
  });
  const { document } = (await sent.json()) as { document: { id: string } };
  const { id } = document;
  const of = `/api/documents/${id}`;
  const claim = await served.read(
    Array.from({ length: 142 }, (_, index) => page(index + 1, { text: "Musterfrau" })),
  );
  await claim.finish(0.5);
  for (let number = 1; number <= 142; number++) {
    const answer = await served.ask(`${of}/pages/${number}`);
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
  }
  for (const path of [
    of,
    `${of}/text`,
    `${of}/json`,
    `${of}/original`,
    "/api/documents",
    "/api/search?q=Musterfrau",
  ])
    await (await served.ask(path)).arrayBuffer();
  const watched = await served.ask(`${of}/events`);
  await watched.body?.cancel();
  for (const action of ["reprocess", "cancel"]) await served.ask(`${of}/${action}`, { method: "POST" });
  const deleted = await served.ask(of, { method: "DELETE" });

  const log = await entries(served);
  const mine = (action: string, document_id: string | null = id) => [
    action,
    document_id,
    localOwnerId,
    "api",
  ];
  assert.deepEqual(
    log.map(({ action, document_id, actor, via }) => [action, document_id, actor, via]),
    [
      ...[mine("uploaded"), mine("read"), mine("downloaded"), mine("listed", null), mine("searched", null)],
      ...[mine("watched"), mine("reprocessed"), mine("cancelled"), mine("deleted")],
    ],
  );
  assert.equal(log[0]?.request_id, sent.headers.get("Request-Id"));
  assert.equal(log.at(-1)?.request_id, deleted.headers.get("Request-Id"));
  assert.ok(log.every(({ request_id }) => request_id !== null));
  assert.ok(!JSON.stringify(await served.database.query("select * from audit_log")).includes("Musterfrau"));
});

test("of another's document, and of none, nothing is logged: there was nothing to be seen", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.add(anotherOwnerId);
  for (const asked of [id, randomUUID(), "none"])
    for (const path of ["", "/text", "/original", "/pages/1"])
      assert.equal((await served.ask(`/api/documents/${asked}${path}`)).status, 404);
  assert.equal((await served.ask(`/api/documents/${id}`, { method: "DELETE" })).status, 404);
  assert.deepEqual(
    (await entries(served)).map(({ action, via }) => [action, via]),
    [["uploaded", "database"]],
  );
});

test("nothing is handed out that cannot be logged", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  await served.database.query("alter table audit_log rename to hidden");
  for (const path of ["", "/original"])
    assert.equal((await served.ask(`/api/documents/${id}${path}`)).status, 500);
  assert.equal((await served.ask(`/api/documents/${id}`, { method: "DELETE" })).status, 500);
  await served.database.query("alter table hidden rename to audit_log");
  assert.equal((await served.ask(`/api/documents/${id}/original`)).status, 200);
  assert.deepEqual(
    (await entries(served)).map(({ action }) => action),
    ["uploaded", "downloaded"],
  );
});

test("every operation on what an owner has is logged, but for those that tell of uploads under way and of webhooks", () => {
  const silent = apiRoutes("0", true).filter(
    ({ access, audit }) => access === "owner" && audit === "nothing",
  );
  assert.deepEqual(silent.map(({ name }) => name).toSorted(), [
    "askUpload",
    "describeUploads",
    "listWebhooks",
    "testWebhook",
  ]);
});

test("a file that retention erased is said to be gone; what was read of it is there", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  await (await served.read([page(1)])).finish(0.5);
  assert.equal((await served.getDocument(id)).originalErasedAt, null);
  await served.database.query("update documents set finished_at = now() - interval '2 days'");
  await eraseOriginals(served.database, 1, () => true);
  const { originalErasedAt } = await served.getDocument(id);
  assert.match(`${originalErasedAt}`, /^\d{4}-/);
  const refusals: [string, string][] = [
    ["GET", "original"],
    ["POST", "reprocess"],
  ];
  for (const [method, path] of refusals) {
    const refused = await served.ask(`/api/documents/${id}/${path}`, { method });
    assert.equal(refused.status, 410);
    const { code, detail } = (await refused.json()) as { code: string; detail: string };
    assert.equal(code, "original_erased");
    assert.match(detail, /send its file again/);
  }
  assert.equal((await served.ask(`/api/documents/${id}/text`)).status, 200);
});

test("a deleted document's files are gone at once, and nothing is left to be deleted", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  await (await served.read([page(1)])).finish(0.5);
  assert.equal((await served.ask(`/api/documents/${id}`, { method: "DELETE" })).status, 204);
  await assert.rejects(served.files.open(`${localOwnerId}/${id}/original`), { code: "file_missing" });
  assert.deepEqual(await served.database.query("select * from quire.files_to_delete"), []);
});
