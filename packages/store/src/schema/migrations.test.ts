import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, type TestContext, test } from "node:test";
import { getConstructionPlans } from "pg-boss";
import { Database } from "../database.ts";
import { TestCluster } from "../testing/testDatabase.ts";
import { describeSchema } from "./describeSchema.ts";
import { checkSchema, listMigrations, migrate } from "./migrations.ts";

const supabase = new URL("../../../../supabase/", import.meta.url);
const fileOf = ({ version, name }: { version: string; name: string }) =>
  readFile(new URL(`migrations/${version}_${name}.sql`, supabase), "utf8");

let cluster: TestCluster;
before(async () => {
  cluster = await TestCluster.start(async () => {});
});
after(() => cluster.stop());

function connect(t: TestContext, url: string): Database {
  const database = new Database(url, { poolSize: 2 });
  t.after(() => database.close());
  return database;
}

test("an empty database gets every migration, recorded as the Supabase CLI does, and a second time none", async (t) => {
  const url = await cluster.createDatabase();
  const all = await listMigrations();
  assert.ok(all.length >= 10);
  assert.deepEqual(await migrate(url), all);
  assert.deepEqual(await migrate(url), []);
  const rows = await connect(t, url).query<{ version: string; name: string; statements: string[] }>(
    "select version, name, statements from supabase_migrations.schema_migrations order by version",
  );
  assert.deepEqual(
    rows,
    await Promise.all(all.map(async (each) => ({ ...each, statements: [await fileOf(each)] }))),
  );
});

test("a database that was migrated before files could be at Supabase gets what that needs", async (t) => {
  const url = await cluster.createDatabase();
  await migrate(url);
  const database = connect(t, url);
  await database.query(`drop schema storage cascade; drop table quire.document_buckets;
    drop function quire.document_bucket_ids; drop function quire.use_bucket;
    delete from supabase_migrations.schema_migrations where name = 'storage'`);
  assert.deepEqual(
    (await migrate(url)).map(({ name }) => name),
    ["storage"],
  );
  assert.deepEqual(await database.query("select id, public from storage.buckets"), [
    { id: "documents", public: false },
  ]);
});

test("of several that migrate at once one applies all, the others nothing, and none fails", async () => {
  const url = await cluster.createDatabase();
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(url)));
  assert.deepEqual(
    applied.map((each) => each.length).sort((a, b) => a - b),
    [0, 0, 0, 0, (await listMigrations()).length],
  );
});

test("databases of one cluster, which share its roles, can be migrated at once", async () => {
  const urls = await Promise.all([cluster.createDatabase(), cluster.createDatabase()]);
  await Promise.all(urls.map((url) => migrate(url)));
});

test("only what is missing is applied, and a migration that fails leaves nothing of itself", async (t) => {
  const url = await cluster.createDatabase();
  const database = connect(t, url);
  await database.query(
    "create schema quire; create function quire.lane(bigint, int) returns text return 'taken'",
  );
  await assert.rejects(migrate(url), { code: "42P06" });
  assert.deepEqual(await database.query("select to_regclass('public.documents') as documents"), [
    { documents: null },
  ]);
  await database.query("drop schema quire cascade");
  const all = await listMigrations();
  assert.deepEqual(await migrate(url), all.slice(2));
});

test("a database whose schema is older than needed is refused", async (t) => {
  const url = await cluster.createDatabase();
  const database = connect(t, url);
  const outdated = { code: "schema_outdated", message: /quire migrate/ };
  await assert.rejects(checkSchema(database), outdated);
  await migrate(url);
  await checkSchema(database);
  await database.query(
    "delete from supabase_migrations.schema_migrations where version = (select max(version) from supabase_migrations.schema_migrations)",
  );
  await assert.rejects(checkSchema(database), outdated);
});

test("a schema that is newer than needed is welcome: old and new workers overlap at a deploy", async (t) => {
  const url = await cluster.createDatabase();
  await migrate(url);
  const database = connect(t, url);
  await database.query(
    "insert into supabase_migrations.schema_migrations (version, name) values ('29990101000000', 'later')",
  );
  await checkSchema(database);
});

test("the queue engine's migration is what the installed pg-boss would create", async () => {
  const [engine] = await listMigrations();
  assert.ok(engine);
  const bare = (sql: string) =>
    sql
      .replaceAll(/^--.*$/gm, "")
      .replaceAll(/^\s*(BEGIN|COMMIT|SET LOCAL [^;]*|SELECT pg_advisory_xact_lock\([\s\S]*?\));\s*$/gm, "")
      .replaceAll(/\s+/g, " ")
      .replaceAll(/(; )+/g, "; ")
      .trim();
  assert.equal(bare(await fileOf(engine)), bare(getConstructionPlans("pgboss")));
});

test("supabase/schema.sql is what the migrations come to, wherever it is described", async (t) => {
  const url = await cluster.createDatabase();
  await migrate(url);
  const described = await describeSchema(url);
  const committed = await readFile(new URL("schema.sql", supabase), "utf8");
  assert.equal(described, committed, "It differs. Run: npm run schema");
  const database = connect(t, url);
  const name = new URL(url).pathname.slice(1);
  await database.query(`alter database ${name} set search_path = quire, public, pgboss`);
  assert.equal(await describeSchema(url), committed, "It depends on the search path.");
});
