import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@quire/store/testing";
import { type Ending, processTree, runQuire, startQuire, untilGone } from "./quire.ts";

/** `quire start` in a folder of its own, as somebody runs it on one machine. */
export class StartedService {
  readonly folder: string;
  /** Where its page is. */
  readonly url: string;
  readonly #env: Record<string, string>;
  readonly #heard = new Set<() => void>();
  #process: ChildProcess | null = null;
  #log = "";

  private constructor(folder: string, webPort: number, env: Record<string, string>) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${webPort}`;
    this.#env = {
      QUIRE_HOME: join(folder, "home"),
      TEMP_DIR: folder,
      DATABASE_URL: "",
      LOG_FORMAT: "json",
      PORT: "0",
      WEB_PORT: `${webPort}`,
      ...env,
    };
  }

  /** Resolves when its worker and its page are there. */
  static async start(env: Record<string, string> = {}): Promise<StartedService> {
    const folder = mkdtempSync(join(tmpdir(), "quire-service-test-"));
    // As root, Postgres runs as another user, who must be able to enter.
    chmodSync(folder, 0o711);
    const service = new StartedService(folder, await freePort(), env);
    await service.start();
    return service;
  }

  /** Starts it again, on what is there. */
  async start(): Promise<void> {
    const said = ["worker starts", "web server listens"].map((text) =>
      this.untilLogged(text, this.logged(text) + 1),
    );
    this.#process = startQuire(["start"], this.#env);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#log += text;
        for (const look of this.#heard) look();
      });
    }
    const ended = once(this.#process, "close").then(([code]) => {
      throw new Error(`the service ended by itself with ${code}:\n${this.#log}`);
    });
    // Whoever stops it later waits for its end.
    ended.catch(() => {});
    await Promise.race([Promise.all(said), ended]);
  }

  get process(): ChildProcess {
    if (!this.#process) throw new Error("the service has not been started");
    return this.#process;
  }

  get log(): string {
    return this.#log;
  }

  /** How often this was logged. */
  logged(text: string): number {
    return this.#log.split(text).length - 1;
  }

  /** Resolves once this has been logged so often in all; the test's own time limit ends a wait for ever. */
  async untilLogged(text: string, times = 1): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (this.logged(text) < times) return;
        this.#heard.delete(look);
        resolve();
      };
      this.#heard.add(look);
      look();
    });
  }

  /** Runs another command on it. */
  quire(...args: string[]): Promise<Ending> {
    return runQuire(args, this.#env);
  }

  /** Kills its worker, or its page, as the kernel would; resolves when another has taken its place. */
  async kill(which: "worker" | "web"): Promise<void> {
    const says = which === "worker" ? "worker starts" : "web server listens";
    const before = this.logged(says);
    process.kill(this.#pidOf(which), "SIGKILL");
    await this.untilLogged(says, before + 1);
  }

  /** Holds its worker, or its page, where it is for as long as `act` takes, as a machine does that has no time for it. */
  async whileHeld<Result>(which: "worker" | "web", act: () => Promise<Result>): Promise<Result> {
    const held = this.#pidOf(which);
    process.kill(held, "SIGSTOP");
    try {
      return await act();
    } finally {
      process.kill(held, "SIGCONT");
    }
  }

  #pidOf(which: "worker" | "web"): number {
    const found = processTree(this.process.pid as number).find((pid) => runs(pid, which));
    if (found === undefined) throw new Error(`there is no ${which} process`);
    return found;
  }

  /** Stops it as Ctrl-C does. @returns its exit code */
  async stop(): Promise<number | null> {
    const { process: service } = this;
    if (service.exitCode !== null) return service.exitCode;
    const closed = once(service, "close");
    service.kill("SIGTERM");
    await closed;
    await untilGone(service);
    return service.exitCode;
  }

  /** Stops it and removes its folder. */
  async remove(): Promise<void> {
    if (this.#process) await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function runs(pid: number, which: "worker" | "web"): boolean {
  const { stdout } = spawnSync("ps", ["-o", "args=", "-p", `${pid}`], { encoding: "utf8" });
  return stdout.includes(`quire.js ${which}`);
}
