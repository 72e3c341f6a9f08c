import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { owner, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { DiskFileStore } from "./diskFileStore.ts";
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
