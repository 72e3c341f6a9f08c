import { join } from "node:path";
import { type Config, QuireError } from "@quire/core";
import { checkSchema, Database, DiskFileStore, Documents, quireHome } from "@quire/store";

/** Where things are kept on this machine. */
export interface Places {
  readonly postgres: string;
  readonly files: string;
}

export function placesOf({ quireHome: home, fileStoreDir }: Config): Places {
  const folder = quireHome(home);
  return { postgres: join(folder, "postgres"), files: fileStoreDir ?? join(folder, "files") };
}

/**
 * The database that commands work on: DATABASE_URL, else the one that `quire start` runs.
 *
 * @throws QuireError `database_unavailable` if there is neither
 */
export async function databaseUrlOf(config: Config): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl;
  const { runningUrl } = await import("@quire/store/embedded");
  const url = await runningUrl(placesOf(config).postgres);
  if (url !== null) return url;
  throw new QuireError(
    "database_unavailable",
    "Quire is not running here. Start it in another terminal with: npx quire start (or set DATABASE_URL).",
  );
}

/** The file store of this database. */
export async function filesOf(config: Config, documents: Documents): Promise<DiskFileStore> {
  return new DiskFileStore(placesOf(config).files, await documents.installationId());
}

/** A command has a person waiting: it says soon that the database is away. */
const commandRetrySeconds = 5;
const commandPoolSize = 2;

export interface Installation {
  readonly database: Database;
  readonly documents: Documents;
  readonly files: DiskFileStore;
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
    via: "cli",
  });
  try {
    await checkSchema(database);
    const documents = new Documents(database);
    return await work({ database, documents, files: await filesOf(config, documents) });
  } finally {
    await database.close();
  }
}
