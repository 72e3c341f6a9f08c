import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@quire/core/log";

const restartAfterMs = { first: 500, most: 30_000 };
/** A worker that ran so long was well: the next restart waits no longer than the first. */
const wellAfterMs = 60_000;

/**
 * A worker makes little garbage, and much of it at once: results on their way to the database. With a young generation
 * of 1 MB instead of V8's 16 it held 38 MB of its own at the peak of 798 quick pages instead of 118, in the same time.
 */
export const workerFlags = ["--max-semi-space-size=1"];

export interface Supervision {
  /** What `fork` runs: the command, and its arguments. */
  readonly command: URL;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** With which a worker leaves that is to be started afresh. */
  readonly restartExitCode: number;
  readonly log: Logger;
}

export interface SupervisedWorker {
  /** Passes the wish on to the worker, and resolves when it is gone; a second call kills it. */
  stop(): Promise<void>;
  /** Resolves when it is gone for good. */
  readonly stopped: Promise<void>;
}

/**
 * Keeps a worker running: starts another, with backoff, when it dies, and soon when it left by itself, until told
 * to stop. The worker has a process group of its own, so that Ctrl-C reaches it once, through here; it leaves
 * when this process is gone.
 */
export function superviseWorker({ command, args, env, restartExitCode, log }: Supervision): SupervisedWorker {
  const stopping = new AbortController();
  let child: ChildProcess | null = null;

  async function runOnce(): Promise<Ending> {
    const ended = Promise.withResolvers<Ending>();
    try {
      child = fork(command, args, {
        detached: true,
        stdio: "inherit",
        env: { ...process.env, ...env },
        execArgv: [...process.execArgv, ...workerFlags],
      });
      log.info({ pid: child.pid }, "worker process started");
      child.once("exit", (code, signal) => ended.resolve({ code, signal }));
      child.once("error", ({ name }) => ended.resolve({ code: null, signal: null, error: name }));
    } catch (error) {
      // Out of memory or file descriptors: that may pass.
      ended.resolve({ code: null, signal: null, error: (error as Error).name });
    }
    const ending = await ended.promise;
    child = null;
    return ending;
  }

  async function keepRunning(): Promise<void> {
    let waitMs = restartAfterMs.first;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const ending = await runOnce();
      if (stopping.signal.aborted) return;
      const ranMs = Math.round(performance.now() - startedAt);
      // Node ends with 1 on what nobody caught: that is no leaving, whatever the setting says.
      const left = ending.code === restartExitCode && ending.code !== 1;
      if (left || ranMs > wellAfterMs) waitMs = restartAfterMs.first;
      log[left ? "info" : "warn"]({ ...ending, ranMs }, "worker process ended, another starts");
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

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: string;
}
