import { describeError } from "@quire/core/log";
import { Worker, type WorkerOptions } from "./worker.ts";

const signals = ["SIGTERM", "SIGINT"] as const;
/** A service manager tells every process of a group, and the supervisor passes its own on: one wish, two signals. */
const sameWishWithinMs = 250;

/**
 * Runs a worker until it is told to leave: by SIGTERM or Ctrl-C, or by losing its supervisor. Told again later, it
 * ends the process at once.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  let worker: Worker | null = null;
  let reason: string | null = null;
  let toldAt = 0;
  const leave = (why: string) => {
    reason = why;
    toldAt = performance.now();
    void worker?.stop(why);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (reason === null) leave(signal);
    else if (performance.now() - toldAt > sameWishWithinMs) process.exit(1);
  };
  const onDisconnect = () => {
    if (reason === null) leave("supervisor gone");
  };
  // What nobody caught may carry anything: it is told like any other error, and the supervisor starts another worker.
  process.on("uncaughtException", (error) => {
    worker?.noteCrash();
    options.log.error({ error: describeError(error) }, "worker dies of an error nobody caught");
    process.exit(1);
  });
  for (const signal of signals) process.on(signal, onSignal);
  process.once("disconnect", onDisconnect);
  // False only where there was a supervisor: it may be gone before anybody listened.
  if (process.connected === false) onDisconnect();
  try {
    worker = await Worker.start(options);
    if (reason !== null) void worker.stop(reason);
    await worker.stopped;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    process.off("disconnect", onDisconnect);
    // A channel that is still open would keep the process.
    if (process.connected) process.disconnect();
  }
}
