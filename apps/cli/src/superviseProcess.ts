import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@quire/core/log";

const restartAfterMs = { first: 500, most: 30_000 };
/** A process that ran so long was well: the next restart waits no longer than the first. */
const wellAfterMs = 60_000;

export interface Supervision {
  /** What it is called in the log. */
  readonly name: string;
  /** What `fork` runs: the command, and its arguments. */
  readonly command: URL;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Node's own flags. */
  readonly execArgv?: readonly string[];
  /** With which it leaves when it is to be started afresh; without, every end is a death. */
  readonly restartExitCode?: number;
  readonly log: Logger;
}

export interface SupervisedProcess {
  /** Passes the wish on to the process, and resolves when it is gone; a second call kills it. */
  stop(): Promise<void>;
  /** Resolves when it is gone for good. */
  readonly stopped: Promise<void>;
}

/**
 * Keeps a process running: starts another, with backoff, when it dies, and soon when it left by itself, until told
 * to stop. It has a process group of its own, so that Ctrl-C reaches it once, through here; it is expected to leave
 * when this process is gone.
 */
export function superviseProcess(supervision: Supervision): SupervisedProcess {
  const { name, command, args, env, execArgv = [], restartExitCode, log } = supervision;
  const stopping = new AbortController();
  let child: ChildProcess | null = null;

  async function runOnce(): Promise<Ending> {
    const ended = Promise.withResolvers<Ending>();
    try {
      child = fork(command, args, {
        detached: true,
        stdio: "inherit",
        env: { ...process.env, ...env },
        execArgv: [...process.execArgv, ...execArgv],
      });
      log.info({ pid: child.pid }, `${name} process started`);
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
      log[left ? "info" : "warn"]({ ...ending, ranMs }, `${name} process ended, another starts`);
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
