import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { checkSchema, Database } from "@quire/store";
import { startMigratedCluster } from "@quire/store/testing";
import { fromTop } from "../quire.ts";
import { createDatabaseOf } from "./databaseOf.ts";

/**
 * Old and new workers run side by side at every deploy. Here: what earlier versions' workers and commands said to the
 * schema, as it was recorded then (`npm run compatibility`), still means the same to the newest one.
 */
const folder = fromTop("test/src/deploy/statements");
const versions = readdirSync(folder).map((file) => ({
  version: file.replace(".json", ""),
  statements: JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as string[],
}));
const cluster = await startMigratedCluster();
after(() => cluster.stop());

function connect(url: string): Database {
  return new Database(url, { poolSize: 1 });
}

const newest = connect(await cluster.createDatabase());
after(() => newest.close());

const urlOf = (version: string) => cluster.postgres.urlOf(`quire_${version}`);

/** What each function of the schema `quire` gives back: `name: type`, or the columns of its rows. */
async function resultsOf(database: Database): Promise<Map<string, string[]>> {
  const rows = await database.query<{ name: string; results: string[] }>(
    `select p.proname as name, coalesce(
       (select array_agg(p.proargnames[i] || ' ' || format_type(p.proallargtypes[i], null))
        from generate_subscripts(p.proallargtypes, 1) i where p.proargmodes[i] = 't'),
       array[format_type(p.prorettype, null)]
     ) as results
     from pg_proc p where p.pronamespace = 'quire'::regnamespace`,
  );
  return new Map(rows.map(({ name, results }) => [name, results]));
}

for (const { version } of versions) await createDatabaseOf(cluster, version);
assert.ok(versions.length >= 2, "the last two versions are to be tested");
for (const { version, statements } of versions) {
  test(`what version ${version} says is understood by the newest schema`, async () => {
    const old = connect(urlOf(version));
    try {
      const [before, now] = [await resultsOf(old), await resultsOf(newest)];
      for (const [index, statement] of statements.entries()) {
        // Names of functions, tables and columns, and the types of all values.
        for (const database of [old, newest])
          await database.query(`prepare said_${version}_${index} as ${statement}`);
        for (const [, name = ""] of statement.matchAll(/\bquire\.(\w+)\(/g))
          for (const result of before.get(name) ?? assert.fail(name))
            assert.ok(now.get(name)?.includes(result), `${name} does not give ${result} any more`);
      }
    } finally {
      await old.close();
    }
  });

  test(`the columns of version ${version} are there, and none is asked for that it does not know`, async () => {
    const columnsOf = (database: Database) =>
      database.query<{ column: string; type: string; required: boolean }>(
        `select format('%I.%I', table_name, column_name) as column, data_type as type,
           is_nullable = 'NO' and column_default is null and is_generated = 'NEVER' and is_identity = 'NO' as required
         from information_schema.columns where table_schema = 'public'`,
      );
    const old = connect(urlOf(version));
    try {
      const before = new Map((await columnsOf(old)).map((column) => [column.column, column]));
      const tables = new Set([...before.keys()].map((column) => column.split(".")[0]));
      const now = await columnsOf(newest);
      for (const { column, type } of before.values())
        assert.equal(now.find((candidate) => candidate.column === column)?.type, type, column);
      for (const { column, required } of now)
        if (tables.has(column.split(".")[0] ?? "") && !before.has(column)) assert.ok(!required, column);
    } finally {
      await old.close();
    }
  });
}

test("a worker of today leaves a schema of yesterday alone", async () => {
  const [yesterday] = versions.map(({ version }) => version).sort();
  const old = connect(urlOf(yesterday as string));
  try {
    await assert.rejects(checkSchema(old), { code: "schema_outdated" });
  } finally {
    await old.close();
  }
});

test("a worker of yesterday takes a schema of tomorrow, with migrations that it has not heard of", async () => {
  await newest.query(
    "insert into supabase_migrations.schema_migrations (version, name) values ('29990101000000', 'tomorrow')",
  );
  await checkSchema(newest);
});
