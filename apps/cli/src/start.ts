import { type Config, QuireError } from "@quire/core";
import { createLog, type Logger } from "@quire/core/log";
import { Periodically } from "@quire/core/periodically";
import { holdLock } from "@quire/store";
import { EmbeddedPostgres, runningUrl } from "@quire/store/embedded";
import { workerEnvironment, workerFlags } from "@quire/worker";
import { checkReader } from "./checkReader.ts";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { postgresFolder } from "./installation.ts";
import { prepareDatabase } from "./migrate.ts";
import { superviseProcess } from "./superviseProcess.ts";
import { command, superviseWorker, untilStopped } from "./worker.ts";

/** One `quire start` a database. */
const startLock = 7_221_540_115;
const lookEverySeconds = 5;

/** `quire start`: everything on this machine: Postgres (unless DATABASE_URL names one), files, a worker, the page. */
export async function start(config: Config): Promise<ExitCode> {
  checkReader(config);
  if (config.databaseUrl !== null) return serve(config.databaseUrl, config);
  const folder = postgresFolder(config);
  const postgres = await EmbeddedPostgres.start({ folder });
  return serve(postgres.url, config, { postgres, folder });
}

async function serve(
  url: string,
  config: Config,
  embedded?: { readonly postgres: EmbeddedPostgres; readonly folder: string },
): Promise<ExitCode> {
  const release = await holdLock(url, startLock);
  if (!release)
    throw new QuireError("already_running", "Quire runs here already. Use it, or stop the other one.");
  const log = await createLog(config);
  const watch = embedded && keepRunning(embedded.postgres, embedded.folder, log);
  try {
    await prepareDatabase(url, config);
    const worker = superviseWorker(config, log, { DATABASE_URL: url });
    const web = superviseProcess({
      name: "web",
      command,
      args: ["web"],
      // PORT is the worker's here. What passes through the web process is of a worker's kind: little, or much at once.
      env: { ...workerEnvironment, DATABASE_URL: url, PORT: "" },
      execArgv: workerFlags,
      log,
    });
    watch?.start();
    await untilStopped([worker, web]);
  } finally {
    await watch?.stop();
    await release();
    await embedded?.postgres.stop();
  }
  return exitCodes.read;
}

/** Postgres may die like anybody else: then it is started again, where everybody looks for it. */
function keepRunning(postgres: EmbeddedPostgres, folder: string, log: Logger): Periodically {
  const look = async () => {
    if ((await runningUrl(folder)) !== null) return;
    log.warn("Postgres is gone, and is started again");
    await postgres.restart();
  };
  return new Periodically("postgres", lookEverySeconds, look, log);
}
