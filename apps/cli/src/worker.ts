import type { Config } from "@quire/core";
import { createLog, type Logger } from "@quire/core/log";
import { type Database, Documents, sweepFiles } from "@quire/store";
import { runWorker, workerEnvironment, workerFlags } from "@quire/worker";
import { checkReader } from "./checkReader.ts";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { databaseUrlOf, filesOf } from "./installation.ts";
import { type SupervisedProcess, superviseProcess } from "./superviseProcess.ts";

/** The command itself, for processes that it starts. */
export const command = new URL("../bin/quire.js", import.meta.url);
const signals = ["SIGTERM", "SIGINT"] as const;

/** `quire worker`: one worker, or with `--supervise` one that is started again when it dies. */
export async function worker(
  { supervise }: { readonly supervise: boolean },
  config: Config,
): Promise<ExitCode> {
  checkReader(config);
  const log = await createLog(config);
  if (supervise) {
    await untilStopped([superviseWorker(config, log)]);
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

/** Keeps a worker running. @param env added to this process's environment */
export function superviseWorker(
  { restart }: Config,
  log: Logger,
  env: Readonly<Record<string, string>> = {},
): SupervisedProcess {
  return superviseProcess({
    name: "worker",
    command,
    args: ["worker"],
    env: { ...workerEnvironment, ...env },
    execArgv: workerFlags,
    restartExitCode: restart.exitCode,
    log,
  });
}

/** Stops what is supervised on a signal; on the second one at once. */
export async function untilStopped(supervised: readonly SupervisedProcess[]): Promise<void> {
  const onSignal = () => {
    for (const { stop } of supervised) void stop();
  };
  for (const signal of signals) process.on(signal, onSignal);
  await Promise.all(supervised.map(({ stopped }) => stopped));
  for (const signal of signals) process.off(signal, onSignal);
}
