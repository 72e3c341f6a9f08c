import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { owner, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const migration = new URL("../../../../supabase/migrations/20261121001600_realtime.sql", import.meta.url);

test("documents and pages are published, and no table with what was read", async (t) => {
  const store = await Store.open(t, cluster);
  const published = await store.rows(
    "select schemaname, tablename from pg_publication_tables where pubname = 'supabase_realtime' order by 2",
  );
  assert.deepEqual(published, [
    { schemaname: "public", tablename: "documents" },
    { schemaname: "public", tablename: "pages" },
  ]);
});

test("of a row that is changed or deleted, the log has no more of the old one than its key", async (t) => {
  const store = await Store.open(t, cluster);
  const identities = await store.rows(
    "select relname, relreplident from pg_class where oid in ('documents'::regclass, 'pages'::regclass) order by 1",
  );
  assert.deepEqual(identities, [
    { relname: "documents", relreplident: "d" },
    { relname: "pages", relreplident: "d" },
  ]);
  // A published table without a usable key would refuse both.
  const id = await store.add({ ownerId: owner("a") });
  await store.rows("update documents set priority = 1 where id = $1", id);
  await store.rows("delete from documents where id = $1", id);
});

test("a database where it was published already is migrated all the same", async (t) => {
  const store = await Store.open(t, cluster);
  await store.rows("alter publication supabase_realtime drop table pages");
  await store.rows(await readFile(migration, "utf8"));
  const published = "select tablename from pg_publication_tables order by 1";
  assert.deepEqual(await store.rows(published), [{ tablename: "documents" }, { tablename: "pages" }]);
});

test("a database without Realtime is migrated all the same", async (t) => {
  const store = await Store.open(t, cluster);
  await store.rows("drop publication supabase_realtime");
  await store.rows(await readFile(migration, "utf8"));
  assert.deepEqual(await store.rows("select from pg_publication"), []);
});
