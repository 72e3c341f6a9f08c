import type { Config } from "@quire/core";
import { Database, Documents, migrate } from "@quire/store";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { databaseUrlOf } from "./installation.ts";

/** `quire migrate`: brings the database's schema and bounds to this version's. */
export async function runMigrations(config: Config): Promise<ExitCode> {
  const applied = await prepareDatabase(await databaseUrlOf(config), config);
  for (const { version, name } of applied) process.stdout.write(`applied ${version}_${name}\n`);
  return exitCodes.read;
}

/** Migrates, and writes the bounds of the queue. @returns the migrations applied now */
export async function prepareDatabase(
  url: string,
  { queueLimits }: Config,
): Promise<{ version: string; name: string }[]> {
  const applied = await migrate(url);
  const database = new Database(url, { poolSize: 1 });
  try {
    await new Documents(database).setLimits(queueLimits);
  } finally {
    await database.close();
  }
  return applied;
}
