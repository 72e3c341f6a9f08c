import type { Database } from "../database.ts";
import { appliedMigrations, listMigrations } from "../schema/migrations.ts";

export interface MigrationDrift {
  readonly applied: number;
  /** Versions that this version of Quire has and the database lacks. */
  readonly missing: readonly string[];
  /** Versions that the database has and this version of Quire does not know: a newer one's, or somebody else's. */
  readonly unknown: readonly string[];
}

/** Compares the migrations that were applied with those of this version. @throws QuireError `database_unavailable` */
export async function migrationDrift(database: Database): Promise<MigrationDrift> {
  const ours = new Set((await listMigrations()).map(({ version }) => version));
  const applied = new Set(await appliedMigrations(database));
  return {
    applied: applied.size,
    missing: [...ours].filter((version) => !applied.has(version)),
    unknown: [...applied].filter((version) => !ours.has(version)),
  };
}
