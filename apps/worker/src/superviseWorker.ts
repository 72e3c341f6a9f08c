import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "./log.ts";

const restartAfterMs = { first: 500, most: 30_000 };
/** A worker that ran so long was well: the next restart waits no longer than the first. */
const wellAfterMs = 60_000;
/** One that leaves by itself (exit code 0) sooner than this is not waited for less than one that dies. */
const leavesAfterMs = 10_000;

export interface Supervision {
  /** What `fork` runs: the command, and its arguments. */
  readonly command: URL;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly log: Logger;
}

/**
 * Keeps a worker running: starts another, with backoff, when it dies, and at once when it left by itself (exit
 * code 0), until told to stop. The worker has a process group of its own, so that Ctrl-C reaches it once, through
 * here; it leaves when this process is gone.
 *
 * @returns `stop`: passes the signal on and resolves when the worker is gone; a second call kills it
 */
export function superviseWorker({ command, args, env, log }: Supervision): {
  stop(): Promise<void>;
  readonly stopped: Promise<void>;
} {
  const stopping = new AbortController();
  let child: ChildProcess | null = null;

  async function keepRunning(): Promise<void> {
    let waitMs = restartAfterMs.first;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      child = fork(command, args, { detached: true, stdio: "inherit", env: { ...process.env, ...env } });
      log.info({ pid: child.pid }, "worker process started");
      const [code, signal] = (await Promise.race([once(child, "exit"), once(child, "error")])) as [
        unknown,
        unknown,
      ];
      child = null;
      if (stopping.signal.aborted) return;
      const ranMs = Math.round(performance.now() - startedAt);
      if (ranMs > wellAfterMs) waitMs = restartAfterMs.first;
      log.warn({ code, signal, ranMs }, "worker process ended, another starts");
      if (code === 0 && ranMs > leavesAfterMs) continue;
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
      waitMs = Math.min(waitMs * 2, restartAfterMs.most);
    }
  }

  const stopped = keepRunning();
  return {
    stopped,
    stop() {
      const again = stopping.signal.aborted;
      stopping.abort();
      child?.kill(again ? "SIGKILL" : "SIGTERM");
      return stopped;
    },
  };
}
