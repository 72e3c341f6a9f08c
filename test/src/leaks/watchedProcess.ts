import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { startQuire, untilGone } from "../quire.ts";

/** A `quire` command of which everything that it says is kept. */
export class WatchedProcess {
  readonly #child: ChildProcess;
  readonly #heard = new Set<() => void>();
  #said = "";

  constructor(args: readonly string[], env: Record<string, string>) {
    this.#child = startQuire(args, env);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#said += text;
        for (const look of this.#heard) look();
      });
    }
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** All that it has written to standard output and standard error. */
  get said(): string {
    return this.#said;
  }

  /** Resolves with the first match; the test's own time limit ends a wait for ever. */
  async untilSaid(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.#said);
        if (match) resolve(match);
        if (match) this.#heard.delete(look);
      };
      this.#heard.add(look);
      this.#child.once("close", () => reject(new Error(`it ended by itself:\n${this.#said}`)));
      look();
    });
  }

  /** Tells it to leave, and waits until it and what it started are gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGTERM");
    await closed;
    await untilGone(this.#child);
  }
}
