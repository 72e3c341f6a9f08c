import { join } from "node:path";
import { type Config, QuireError } from "@quire/core";
import {
  checkSchema,
  Database,
  Documents,
  type InstallationFiles,
  openFileStore,
  quireHome,
} from "@quire/store";

/** Where the Postgres of `quire start` lies. */
export function postgresFolder({ quireHome: home }: Config): string {
  return join(quireHome(home), "postgres");
}

/**
 * The database that commands work on: DATABASE_URL, else the one that `quire start` runs.
 *
 * @throws QuireError `database_unavailable` if there is neither
 */
export async function databaseUrlOf(config: Config): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl;
  const { runningUrl } = await import("@quire/store/embedded");
  const url = await runningUrl(postgresFolder(config));
  if (url !== null) return url;
  throw new QuireError(
    "database_unavailable",
    "Quire is not running here. Start it in another terminal with: npx quire start (or set DATABASE_URL).",
  );
}

/** The file store of this database. */
export async function filesOf(config: Config, documents: Documents): Promise<InstallationFiles> {
  return openFileStore(config, await documents.installationId());
}

/** A command has a person waiting: it says soon that the database is away. */
const commandRetrySeconds = 5;
const commandPoolSize = 2;

export interface Installation {
  readonly documents: Documents;
  readonly files: InstallationFiles;
}

/** Opens what a command works on, and closes it afterwards. */
export async function withInstallation<Result>(
  config: Config,
  work: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const url = await databaseUrlOf(config);
  const database = new Database(url, {
    poolSize: commandPoolSize,
    retrySeconds: commandRetrySeconds,
    applicationName: "quire command",
  });
  try {
    await checkSchema(database);
    const documents = new Documents(database);
    return await work({ documents, files: await filesOf(config, documents) });
  } finally {
    await database.close();
  }
}
