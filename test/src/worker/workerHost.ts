import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { processTree } from "@quire/memory";
import { fromTop, untilGone } from "../quire.ts";

/** A place where one worker process runs after the other, as on one host. */
export class WorkerHost {
  readonly logPath: string;
  readonly tempDir: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #filesFolder: string;
  readonly #program: string;
  #child: ChildProcess | null = null;
  /** Where in the log the worker that runs now begins, in bytes; the log is ASCII. */
  #logStart = 0;
  #lastExitCode: number | null = null;

  /** @param program what runs, from the top of the repository; its argument is the folder of files */
  constructor(
    folder: string,
    name: string,
    filesFolder: string,
    env: Record<string, string>,
    program = "test/dist/worker/workerProcess.js",
  ) {
    this.tempDir = join(folder, `${name}-temp`);
    this.logPath = join(folder, `${name}.log`);
    mkdirSync(this.tempDir, { recursive: true });
    this.#filesFolder = filesFolder;
    this.#program = program;
    // Several of them on one machine: each takes a port that is free.
    this.#env = { ...process.env, PORT: "0", ...env, TEMP_DIR: this.tempDir, LOG_FORMAT: "json" };
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  start(): void {
    const log = openSync(this.logPath, "a");
    this.#logStart = fstatSync(log).size;
    const child = spawn(process.execPath, [fromTop(this.#program), this.#filesFolder], {
      env: this.#env,
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.on("exit", (code) => {
      this.#lastExitCode = code;
      if (this.#child === child) this.#child = null;
    });
  }

  /** Kills the worker; its engine is to notice by itself. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.kill("SIGKILL");
    await gone(child);
  }

  /** Kills the worker's engine, if it has one now. */
  killEngine(): boolean {
    const pid = this.#child?.pid;
    if (pid === undefined) return false;
    const [engine] = processTree(pid).slice(1);
    if (engine === undefined) return false;
    try {
      process.kill(engine, "SIGKILL");
      return true;
    } catch {
      return false;
    }
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Where the worker that runs now answers over HTTP. */
  async port(): Promise<number> {
    for (;;) {
      const lines = readFileSync(this.logPath, "utf8").slice(this.#logStart).split("\n");
      const line = lines.find((text) => text.includes("health server listens"));
      if (line) return (JSON.parse(line) as { port: number }).port;
      await delay(20);
    }
  }

  /** With what the last worker ended. */
  get exitCode(): number | null {
    return this.#lastExitCode;
  }

  async untilEnded(): Promise<void> {
    if (this.#child) await gone(this.#child);
  }

  /** Waits for a message in the log; the test's own time limit ends a wait for ever. */
  async untilLogged(message: string): Promise<void> {
    while (!readFileSync(this.logPath, "utf8").includes(message)) await delay(20);
  }

  /** Tells the worker to leave. @returns its exit code */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    child.kill("SIGTERM");
    await gone(child);
    return child.exitCode;
  }
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  await untilGone(child);
}
