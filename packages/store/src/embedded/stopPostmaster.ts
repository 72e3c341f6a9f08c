import { setTimeout as delay } from "node:timers/promises";
import { postgresError } from "./postgresLog.ts";
import { findPostmaster, runsCluster } from "./postmaster.ts";
import type { Cluster } from "./prepareCluster.ts";
import { runProgram } from "./runProgram.ts";

const stopTimeoutMs = 60_000;
/** pg_ctl stops waiting by itself; this long after that, it hangs. */
const graceMs = 5_000;
const pollMs = 10;

/** `fast` ends the sessions and writes everything; `immediate` leaves that to the recovery at the next start. */
export type StopMode = "fast" | "immediate";

/**
 * Stops Postgres if it runs, and waits until it is gone.
 *
 * @throws QuireError database_unavailable if it does not stop
 */
export async function stopPostmaster(cluster: Cluster, mode: StopMode): Promise<void> {
  const { data, folder, log } = cluster;
  const running = await findPostmaster(data);
  if (running === null) return;
  const wait = ["-w", "-t", String(stopTimeoutMs / 1000)];
  const deadline = performance.now() + stopTimeoutMs + graceMs;
  const args = ["stop", "-s", ...wait, "-m", mode, "-D", data];
  await runProgram(cluster.binaries.pg_ctl, args, cluster, stopTimeoutMs + graceMs);
  // pg_ctl waits for the lock file to go, which the process outlives by a moment.
  while (await runsCluster(running.pid, data)) {
    if (performance.now() > deadline)
      throw await postgresError(`The database in ${folder} does not stop (process ${running.pid})`, log);
    await delay(pollMs);
  }
}
