import type { Config } from "@quire/core";
import { areFilesAtSupabase, Database, Documents, migrate, useBucket } from "@quire/store";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { databaseUrlOf, filesOf } from "./installation.ts";

/** `quire migrate`: brings the database's schema and bounds to this version's. */
export async function runMigrations(config: Config): Promise<ExitCode> {
  const applied = await prepareDatabase(await databaseUrlOf(config), config);
  for (const { version, name } of applied) process.stdout.write(`applied ${version}_${name}\n`);
  return exitCodes.read;
}

/** Migrates, writes the bounds of the queue, and makes the file store of a new installation. @returns the migrations applied now */
export async function prepareDatabase(
  url: string,
  config: Config,
): Promise<{ version: string; name: string }[]> {
  const applied = await migrate(url);
  const database = new Database(url, { poolSize: 1 });
  try {
    const documents = new Documents(database);
    await documents.setLimits(config.queueLimits);
    if (config.supabase && areFilesAtSupabase(config))
      await useBucket(database, config.supabase.bucket, config.limits.maxFileBytes);
    // Later, a folder that is not there is a disk that is away, not a store to be made anew.
    if (await documents.isEmpty()) await (await filesOf(config, documents)).create();
  } finally {
    await database.close();
  }
  return applied;
}
