import { whenToldToLeave } from "@quire/core";
import { describeError } from "@quire/core/log";
import { HealthServer } from "./health/healthServer.ts";
import { Standing } from "./health/standing.ts";
import { Worker, type WorkerOptions } from "./worker.ts";

/**
 * Runs a worker until it is told to leave, by SIGTERM or Ctrl-C, or by losing its supervisor, or until it is old
 * enough to be started afresh. Told again later, it ends the process at once. From its first moment on it says how it
 * stands, over HTTP.
 *
 * @returns the exit code for the process
 * @throws QuireError `port_in_use`, `database_unavailable`, `schema_outdated`
 */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const { config, log } = options;
  let worker: Worker | null = null;
  let reason: string | null = null;
  // What nobody caught may carry anything: it is told like any other error, and the supervisor starts another worker.
  process.on("uncaughtException", (error) => {
    worker?.noteCrash();
    options.log.error({ error: describeError(error) }, "worker dies of an error nobody caught");
    process.exit(1);
  });
  using _told = whenToldToLeave((why) => {
    reason = why;
    void worker?.stop(why);
  });
  const standing = new Standing(config, log, () => (health ? [health.connections] : []));
  let health: HealthServer | null = null;
  try {
    const { metrics } = standing;
    health = await HealthServer.start({
      config: config.health,
      vitals: () => standing.vitals(),
      metrics,
      log,
    });
    worker = await Worker.start(options, standing);
    if (reason !== null) void worker.stop(reason);
    await worker.stopped;
    // Who was told to leave meanwhile is not to come back.
    return worker.leaving && reason === null ? config.restart.exitCode : 0;
  } finally {
    await health?.close();
    await standing.close();
  }
}
