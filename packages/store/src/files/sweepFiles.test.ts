import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import { claimed, owner, page, read, Store, sha256 } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { DiskFileStore } from "./diskFileStore.ts";
import { outputKey } from "./outputKey.ts";
import { sweepFiles } from "./sweepFiles.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

test("old files that belong to no document are removed, and nothing else", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "quire-sweep-"));
  t.after(() => rmSync(root, { recursive: true }));
  const store = await Store.open(t, cluster);
  const files = new DiskFileStore(root, await store.documents.installationId());
  await assert.rejects(sweepFiles(files, store.database), { code: "storage_unavailable" });
  await files.create();

  const id = randomUUID();
  const kept = [`${owner("a")}/${id}/original`, `${owner("a")}/${id}/preview-1`, "named/otherwise"];
  const orphans = [`${owner("a")}/${randomUUID()}/original`, "stray"];
  const young = `${owner("a")}/${randomUUID()}/original`;
  for (const key of [...kept, ...orphans, young]) await files.put(key, (async function* () {})());
  for (const key of [...kept, ...orphans]) utimesSync(join(root, key), 0, 0);
  const facts = { ownerId: owner("a"), filename: "a.pdf", sizeBytes: 1, options: {}, force: true };
  await store.documents.add({ ...facts, id, storageKey: kept[0] as string, sha256: "0".repeat(64) });
  await store.documents.add({
    ...facts,
    id: randomUUID(),
    storageKey: "named/otherwise",
    sha256: "1".repeat(64),
  });

  assert.equal(await sweepFiles(files, store.database), 2);
  assert.equal(await sweepFiles(files, store.database), 0);
  for (const key of [...kept, young]) assert.ok(existsSync(join(root, key)), key);
  for (const key of orphans) assert.ok(!existsSync(join(root, key)), key);
});

test("previews that no page has are removed: of a run that is gone, of a claim that was lost, of what was erased", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "quire-sweep-"));
  t.after(() => rmSync(root, { recursive: true }));
  const store = await Store.open(t, cluster);
  const files = new DiskFileStore(root, await store.documents.installationId());
  await files.create();
  const queue = await store.queue();
  const put = async (key: string) => {
    await files.put(key, (async function* () {})());
    utimesSync(join(root, key), 0, 0);
    return key;
  };
  /** Reads a document of two pages. */
  const reading = async () => {
    const claim = await claimed(queue);
    await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: sha256(claim.documentId) });
    const keys = [await put(claim.previewKey(1)), await put(claim.previewKey(2))];
    for (const number of [1, 2]) await claim.savePage(page(number), 9);
    return { claim, keys };
  };

  const id = await store.add();
  const lost = await claimed(queue);
  const ofLost = [await put(lost.previewKey(1)), await put(lost.previewKey(2))];
  await lost.savePage(page(1), 9);
  await store.lapse(queue);
  const second = await claimed(queue);
  const ofSecond = await put(second.previewKey(2));
  await read(second, 2, 1);
  await second.savePage(page(2), 9);
  await second.finish(0.5);
  await store.documents.reprocess(id);
  const anew = await reading();
  const strange = [
    await put(`${owner("a")}/${id}/run-1/claim-9999999999/page-1.webp`),
    await put("x/run-1/claim-1/page-1.webp"),
  ];
  const beside = await put(`${owner("a")}/${id}/notes.webp`);

  const of = { ownerId: owner("a"), documentId: id, run: 1, claim: 2, format: "text" };
  const outputs = [
    await put(outputKey(of)),
    await put(outputKey({ ...of, claim: 1 })),
    await put(outputKey({ ...of, format: "alto" })),
  ] as const;
  await store.rows(
    `insert into outputs (document_id, run, claim, format, owner_id, size_bytes, sha256)
     values ($1, 1, 2, 'text', $2, 0, repeat('0', 64))`,
    ...[id, owner("a")],
  );

  assert.equal(
    await sweepFiles(files, store.database),
    4,
    "two outputs that are not kept, the page that the lost claim did not save, and a stray one",
  );
  for (const key of [ofLost[0] as string, ofSecond, ...anew.keys, beside])
    assert.ok(existsSync(join(root, key)), key);
  assert.ok(!existsSync(join(root, ofLost[1] as string)));
  assert.ok(
    existsSync(join(root, strange[0] as string)),
    "none that we would write, in a living document's folder",
  );

  assert.ok(existsSync(join(root, outputs[0])));
  assert.ok(!existsSync(join(root, outputs[1])) && !existsSync(join(root, outputs[2])));

  await anew.claim.finish(0.5);
  assert.equal(await sweepFiles(files, store.database), 3, "the run that was replaced");
  for (const key of [...anew.keys, beside]) assert.ok(existsSync(join(root, key)), key);
  await new OwnedDocuments(store.database, owner("a")).erase(id);
  assert.equal(await sweepFiles(files, store.database), 4);
});
