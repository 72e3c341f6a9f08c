import { readFileSync } from "node:fs";
import { Database, listMigrations } from "@quire/store";
import type { TestCluster } from "@quire/store/testing";
import { fromTop } from "../quire.ts";

/** Creates the database `quire_VERSION` as the migrations up to that version left it. @returns its address */
export async function createDatabaseOf(cluster: TestCluster, version: string): Promise<string> {
  const administrator = new Database(cluster.postgres.url, { poolSize: 1 });
  await administrator.query(`create database quire_${version}`);
  await administrator.close();
  const url = cluster.postgres.urlOf(`quire_${version}`);
  const database = new Database(url, { poolSize: 1 });
  for (const shim of ["shim.sql", "storage-shim.sql"])
    await database.query(readFileSync(fromTop(`supabase/${shim}`), "utf8"));
  await applyMigrations(database, (each) => each <= version);
  await database.close();
  return url;
}

/** Applies the migrations of these versions. */
export async function applyMigrations(
  database: Database,
  isWanted: (version: string) => boolean,
): Promise<void> {
  for (const { version, name } of await listMigrations())
    if (isWanted(version))
      await database.query(readFileSync(fromTop(`supabase/migrations/${version}_${name}.sql`), "utf8"));
}
