import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Confinement } from "./confinement.ts";

/** What a platform takes to start an instance anew is far longer: this only keeps a dying worker from spinning. */
const restartAfterMs = 500;
/** `SHUTDOWN_GRACE_SECONDS` and what is left for handing back and closing. */
const endsWithinMs = 90_000;

export interface WorkerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logPath: string;
}

/** A worker within its limits, started again whenever it ends, until it is stopped. */
export class ConfinedWorker {
  readonly #command: WorkerCommand;
  readonly #confinement: Confinement;
  readonly #onEnd: () => void;
  readonly #ends: Date[] = [];
  #child: ChildProcess | null = null;
  #stopping = false;
  #running: Promise<void>;
  #unexpectedEnds = 0;

  constructor(command: WorkerCommand, confinement: Confinement, onEnd: () => void) {
    this.#command = command;
    this.#confinement = confinement;
    this.#onEnd = onEnd;
    this.#running = this.#keepRunning();
  }

  /** When a worker ended and another one was started. */
  get restarts(): readonly Date[] {
    return this.#ends;
  }

  /** How many of them left with another exit code than 0, or were killed. */
  get unexpectedEnds(): number {
    return this.#unexpectedEnds;
  }

  get logPath(): string {
    return this.#command.logPath;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Tells it to leave, and kills it if it does not. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child?.kill("SIGTERM");
    const killing = setTimeout(() => this.#child?.kill("SIGKILL"), endsWithinMs);
    await this.#running;
    clearTimeout(killing);
  }

  async #keepRunning(): Promise<void> {
    while (!this.#stopping) {
      const code = await this.#runOnce();
      if (this.#stopping) return;
      this.#ends.push(new Date());
      if (code !== 0) this.#unexpectedEnds++;
      this.#onEnd();
      await delay(restartAfterMs);
    }
  }

  async #runOnce(): Promise<number | null> {
    const { program, args, env, logPath } = this.#command;
    const log = openSync(logPath, "a");
    // In a process group of its own: Ctrl-C at the terminal is ours to handle.
    const child = spawn(...this.#confinement.commandLine(program, args), {
      env: { ...process.env, ...env },
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    this.#confinement.watch(child.pid ?? null);
    await once(child, "exit");
    this.#child = null;
    this.#confinement.watch(null);
    return child.exitCode;
  }
}
