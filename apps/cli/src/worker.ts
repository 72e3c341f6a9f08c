import type { Config } from "@quire/core";
import { createLog } from "@quire/core/log";
import { type Database, Documents, sweepFiles } from "@quire/store";
import { runWorker, type SupervisedWorker, superviseWorker } from "@quire/worker";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { databaseUrlOf, filesOf } from "./installation.ts";

/** The command itself, for processes that it starts. */
export const command = new URL("../bin/quire.js", import.meta.url);
const signals = ["SIGTERM", "SIGINT"] as const;

/** `quire worker`: one worker, or with `--supervise` one that is started again when it dies. */
export async function worker(
  { supervise }: { readonly supervise: boolean },
  config: Config,
): Promise<ExitCode> {
  const log = await createLog(config);
  if (supervise) {
    await untilStopped(
      superviseWorker({ command, args: ["worker"], restartExitCode: config.restart.exitCode, log }),
    );
    return exitCodes.read;
  }
  const databaseUrl = await databaseUrlOf(config);
  const openFiles = async (database: Database) => {
    const store = await filesOf(config, new Documents(database));
    return { store, sweep: () => sweepFiles(store, database) };
  };
  const exitCode = await runWorker({ config, databaseUrl, openFiles, log });
  // A connection that does not close any more is no reason to stay.
  process.exit(exitCode);
}

/** Stops what is supervised on a signal; on the second one at once. */
export async function untilStopped(supervised: SupervisedWorker): Promise<void> {
  const onSignal = () => void supervised.stop();
  for (const signal of signals) process.on(signal, onSignal);
  await supervised.stopped;
  for (const signal of signals) process.off(signal, onSignal);
}
