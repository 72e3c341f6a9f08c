import { type Config, QuireError } from "@quire/core";
import { Database, DiskFileStore, Documents, holdLock, migrate } from "@quire/store";
import { EmbeddedPostgres, runningUrl } from "@quire/store/embedded";
import { createLog, describeError, type Logger, runWorker, superviseWorker } from "@quire/worker";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { databaseUrlOf, placesOf } from "./installation.ts";

const command = new URL("../bin/quire.js", import.meta.url);
const signals = ["SIGTERM", "SIGINT"] as const;

/** `quire migrate`: brings the database's schema and bounds to this version's. */
export async function runMigrations(config: Config): Promise<ExitCode> {
  const url = await databaseUrlOf(config);
  await prepareDatabase(url, config, ({ version, name }) =>
    process.stdout.write(`applied ${version}_${name}\n`),
  );
  return exitCodes.read;
}

async function prepareDatabase(
  url: string,
  { queueLimits }: Config,
  onApplied: (migration: { version: string; name: string }) => void = () => {},
): Promise<void> {
  for (const migration of await migrate(url)) onApplied(migration);
  const database = new Database(url, { poolSize: 1 });
  try {
    await new Documents(database).setLimits(queueLimits);
  } finally {
    await database.close();
  }
}

/** `quire worker`: one worker, or with `--supervise` one that is started again when it dies. */
export async function worker(
  { supervise }: { readonly supervise: boolean },
  config: Config,
): Promise<ExitCode> {
  if (supervise) {
    await untilStopped(superviseWorker({ command, args: ["worker"], log: createLog(config) }));
    return exitCodes.read;
  }
  const databaseUrl = await databaseUrlOf(config);
  await runWorker({
    config,
    databaseUrl,
    files: new DiskFileStore(placesOf(config).files),
    log: createLog(config),
  });
  // A connection that does not close any more is no reason to stay.
  process.exit(exitCodes.read);
}

/** One `quire start` a database. */
const startLock = 7_221_540_115;

/** `quire start`: everything on this machine: Postgres (unless DATABASE_URL names one), files, a worker. */
export async function start(config: Config): Promise<ExitCode> {
  const { postgres: folder } = placesOf(config);
  const postgres = config.databaseUrl === null ? await EmbeddedPostgres.start({ folder }) : null;
  const url = config.databaseUrl ?? (postgres as EmbeddedPostgres).url;
  const release = await holdLock(url, startLock);
  if (!release)
    throw new QuireError("database_unavailable", "Quire runs here already. Use it, or stop the other one.");
  try {
    await prepareDatabase(url, config);
    const log = createLog(config);
    const supervision = superviseWorker({ command, args: ["worker"], env: { DATABASE_URL: url }, log });
    const watch = postgres && keepRunning(postgres, folder, log);
    process.stderr.write("Quire is running. Add documents: npx quire add FILE… --watch   Stop: Ctrl-C\n");
    await untilStopped(supervision);
    clearInterval(watch ?? undefined);
  } finally {
    await release();
    await postgres?.stop();
  }
  return exitCodes.read;
}

const lookEveryMs = 5_000;

/** Postgres may die like anybody else: then it is started again, where everybody looks for it. */
function keepRunning(postgres: EmbeddedPostgres, folder: string, log: Logger): NodeJS.Timeout {
  let busy = false;
  return setInterval(async () => {
    if (busy) return;
    busy = true;
    try {
      if ((await runningUrl(folder)) === null) {
        log.warn("Postgres is gone, and is started again");
        await postgres.restart();
      }
    } catch (error) {
      log.error({ error: describeError(error) }, "Postgres could not be started");
    } finally {
      busy = false;
    }
  }, lookEveryMs);
}

/** Stops what is supervised on a signal; on the second one at once. */
async function untilStopped(supervision: ReturnType<typeof superviseWorker>): Promise<void> {
  const onSignal = () => void supervision.stop();
  for (const signal of signals) process.on(signal, onSignal);
  await supervision.stopped;
  for (const signal of signals) process.off(signal, onSignal);
}
