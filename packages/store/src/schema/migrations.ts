import { readdir, readFile } from "node:fs/promises";
import { QuireError } from "@quire/core";
import type pg from "pg";
import { connectClient, type Database } from "../database.ts";

/** The one schema there is: what the Supabase CLI applies too. */
const supabaseFolder = new URL("../../../../supabase/", import.meta.url);

export interface Migration {
  /** The digits in front of the file's name: its place in the order, and its key in the database. */
  readonly version: string;
  readonly name: string;
}

/** The migrations of this version of Quire, in order. */
export async function listMigrations(): Promise<Migration[]> {
  const files = await readdir(new URL("migrations/", supabaseFolder));
  return files
    .map((file) => /^(\d{14})_(\w+)\.sql$/.exec(file))
    .filter((match) => match !== null)
    .map(([, version = "", name = ""]) => ({ version, name }))
    .sort((a, b) => a.version.localeCompare(b.version));
}

/** One migration at a time, whoever starts them: `quire migrate` at every deploy, on every instance. */
const migrationLock = 7_221_540_114;

/**
 * Applies the migrations that are missing, each in a transaction of its own, and records them where the Supabase
 * CLI does. A Postgres without Supabase first gets what that would have brought: roles, `auth.uid()`, the
 * tables of its Storage.
 *
 * @returns those applied now
 * @throws QuireError `database_unavailable`
 */
export async function migrate(url: string): Promise<Migration[]> {
  const client = await connectClient(url, "quire migrate");
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    const { rows } = await client.query(
      "select to_regprocedure('auth.uid()') as uid, to_regclass('storage.objects') as objects",
    );
    if (rows[0].uid === null) await inTransaction(client, async () => apply(client, "shim.sql"));
    if (rows[0].objects === null) await inTransaction(client, async () => apply(client, "storage-shim.sql"));
    await client.query(historyTable);
    const { rows: applied } = await client.query<{ version: string }>(appliedVersions);
    const missing = without(await listMigrations(), applied);
    for (const { version, name } of missing) {
      await inTransaction(client, async () => {
        const text = await apply(client, `migrations/${version}_${name}.sql`);
        await client.query(
          "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)",
          [version, name, [text]],
        );
      });
    }
    return missing;
  } finally {
    await client.end();
  }
}

/** @throws QuireError `schema_outdated` if a migration that this version needs has not been applied */
export async function checkSchema(database: Database): Promise<void> {
  const [exists] = await database.query<{ table: string | null }>(
    "select to_regclass('supabase_migrations.schema_migrations')::text as table",
  );
  const applied = exists?.table ? await database.query<{ version: string }>(appliedVersions) : [];
  const missing = without(await listMigrations(), applied);
  if (missing.length > 0) {
    throw new QuireError(
      "schema_outdated",
      `The database lacks ${missing.length} of Quire's migrations. Run: quire migrate`,
    );
  }
}

/** What the Supabase CLI creates, word for word in effect. */
const historyTable = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (
    version text not null primary key, statements text[], name text
  )`;

const appliedVersions = "select version from supabase_migrations.schema_migrations";

function without(migrations: readonly Migration[], applied: readonly { version: string }[]): Migration[] {
  const versions = new Set(applied.map(({ version }) => version));
  return migrations.filter(({ version }) => !versions.has(version));
}

async function apply(client: pg.Client, file: string): Promise<string> {
  const text = await readFile(new URL(file, supabaseFolder), "utf8");
  await client.query(text);
  return text;
}

async function inTransaction(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
