import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DiskFileStore } from "../files/diskFileStore.ts";
import { originalKey } from "../files/originalKey.ts";
import { outputKey } from "../files/outputKey.ts";
import { eraseOriginals } from "../keeping/retention.ts";
import { claimed, owner, page, Store, sha256 } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { checks } from "./checks.ts";
import { verifyStore } from "./verifyStore.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const ann = owner("a");
const empty = async function* () {};

test("whatever does not fit together is found, and mended where that is safe; nothing else is touched", async (t) => {
  const store = await Store.open(t, cluster);
  const root = mkdtempSync(join(tmpdir(), "quire-verify-"));
  t.after(() => rmSync(root, { recursive: true }));
  const files = new DiskFileStore(root, await store.documents.installationId());
  await assert.rejects(verifyStore(store.url, files, { fix: true }), { code: "storage_unavailable" });
  await files.create();
  const queue = await store.queue();
  const add = async () => {
    const id = randomUUID();
    await files.put(originalKey(ann, id), empty());
    return store.add({ id, ownerId: ann, storageKey: originalKey(ann, id) });
  };
  /** Adds a document of two pages and reads it. */
  const readOne = async () => {
    const id = await add();
    const claim = await claimed(queue);
    await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: sha256(id) });
    for (const number of [1, 2]) {
      await files.put(claim.previewKey(number), empty());
      await claim.savePage(page(number), 9);
    }
    await claim.finish(0.5);
    return { id, claim };
  };
  const found = async (fix = false) => {
    const findings = await verifyStore(store.url, files, { fix });
    const amiss = findings.filter(({ count }) => count > 0);
    return Object.fromEntries(
      amiss.map(({ name, count, mended, examples }) => [name, { count, mended, examples }]),
    );
  };

  /** As if it had been made. */
  const keep = async (id: string, format: string) => {
    await store.rows(
      `insert into outputs (document_id, run, claim, format, owner_id, size_bytes, sha256)
       values ($1, 1, 1, $2, $3, 0, repeat('0', 64))`,
      ...[id, format, ann],
    );
    return outputKey({ ownerId: ann, documentId: id, run: 1, claim: 1, format });
  };
  const [well, retained, lacking, blind, miscounted, torn] = [
    await readOne(),
    await readOne(),
    await readOne(),
    await readOne(),
    await readOne(),
    await readOne(),
  ] as const;
  await store.rows("update documents set finished_at = now() - interval '9 days' where id = $1", retained.id);
  await eraseOriginals(store.database, 8, () => true);
  await files.delete(originalKey(ann, retained.id));
  await store.rows("select quire.files_deleted($1)", [originalKey(ann, retained.id)]);
  const whole = await keep(well.id, "text");
  await files.put(whole, empty());
  const [waiting, lost] = [await add(), await add()];
  assert.deepEqual(await found(), {}, "all is well");

  await files.delete(originalKey(ann, lacking.id));
  await files.delete(blind.claim.previewKey(2));
  await store.rows("update documents set pages_done = 7, pages_failed = 3 where id = $1", miscounted.id);
  await store.rows("delete from pages where document_id = $1 and page_number = 2", torn.id);
  await store.rows("update documents set pages_done = 1 where id = $1", torn.id);
  await store.rows("select quire.files_deleted($1)", [torn.claim.previewKey(2)]);
  const gone = await keep(well.id, "pdf");
  const stray = [
    ...[originalKey(ann, randomUUID()), whole.replace("text", "alto")],
    `${ann}/${well.id}/run-1/claim-9/page-1.webp`,
  ];
  const young = originalKey(ann, randomUUID());
  for (const key of [...stray, young, originalKey(ann, well.id)]) await files.put(key, empty());
  for (const key of [...stray, whole, originalKey(ann, well.id)]) utimesSync(join(root, key), 0, 0);
  await store.rows("delete from pgboss.job where data ->> 'documentId' = $1", lost);
  await store.rows("select quire.put_job(gen_random_uuid(), $1, 'small', 0, 0)", randomUUID());
  await store.rows(
    "insert into quire.files_to_delete (key, attempts, due_at) values ('stuck', 5, now() + interval '1 hour')",
  );

  const amiss = await found();
  const counts = Object.fromEntries(Object.entries(amiss).map(([name, { count }]) => [name, count]));
  assert.deepEqual(
    Object.keys(counts).toSorted(),
    checks.map(({ name }) => name).toSorted(),
    "each check has its case",
  );
  assert.deepEqual(counts, {
    "files of nobody": 3,
    "files not deleted": 1,
    "originals missing": 1,
    "previews missing": 1,
    "outputs missing": 1,
    "documents without a job": 1,
    "jobs without a document": 1,
    "counters wrong": 1,
    "pages missing": 1,
  });
  assert.deepEqual(amiss["files of nobody"]?.examples.toSorted(), stray.toSorted());
  assert.deepEqual(amiss["originals missing"]?.examples, [lacking.id]);
  assert.deepEqual(amiss["previews missing"]?.examples, [`${blind.id}/1/2`]);
  assert.deepEqual(amiss["outputs missing"]?.examples, [gone]);
  assert.deepEqual(amiss["documents without a job"]?.examples, [lost]);
  assert.deepEqual(amiss["counters wrong"]?.examples, [miscounted.id]);
  assert.deepEqual(amiss["pages missing"]?.examples, [torn.id]);
  assert.ok(Object.values(amiss).every(({ mended }) => mended === 0));

  const mending = await found(true);
  const mended = Object.entries(mending).filter(([, { count, mended }]) => count === mended);
  assert.deepEqual(mended.map(([name]) => name).toSorted(), [
    "counters wrong",
    "documents without a job",
    "files of nobody",
    "jobs without a document",
    "outputs missing",
    "previews missing",
  ]);
  assert.deepEqual(Object.keys(await found()).toSorted(), [
    "files not deleted",
    "originals missing",
    "pages missing",
  ]);
  for (const key of stray) assert.ok(!existsSync(join(root, key)));
  for (const key of [young, whole, originalKey(ann, well.id), originalKey(ann, waiting)])
    assert.ok(existsSync(join(root, key)));
  const { pagesDone, pagesFailed } = await store.documents.get(miscounted.id);
  assert.deepEqual([pagesDone, pagesFailed], [2, 0]);
  assert.deepEqual(
    [(await claimed(queue)).documentId, (await claimed(queue)).documentId].toSorted(),
    [waiting, lost].toSorted(),
  );
});
