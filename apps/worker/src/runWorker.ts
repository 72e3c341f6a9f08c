import { Worker, type WorkerOptions } from "./worker.ts";

const signals = ["SIGTERM", "SIGINT"] as const;

/**
 * Runs a worker until it is told to leave: by SIGTERM or Ctrl-C, or by losing its supervisor. The same signal
 * again ends the process now.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  let worker: Worker | null = null;
  let told: string | null = null;
  const leave = (reason: string) => {
    if (told !== null) process.exit(1);
    told = reason;
    void worker?.stop(reason);
  };
  const onSignal = (signal: NodeJS.Signals) => leave(signal);
  const onDisconnect = () => leave("supervisor gone");
  for (const signal of signals) process.on(signal, onSignal);
  process.once("disconnect", onDisconnect);
  try {
    worker = await Worker.start(options);
    if (told !== null) void worker.stop(told);
    await worker.stopped;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    process.off("disconnect", onDisconnect);
    if (process.connected) process.disconnect();
  }
}
