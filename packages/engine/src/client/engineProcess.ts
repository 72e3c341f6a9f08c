import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ErrorCode } from "@quire/core";
import { oomKillCount } from "@quire/memory";
import * as v from "valibot";
import { type EngineMessage, EngineMessageSchema, type EngineRequest, type EngineSettings } from "../protocol.ts";

/** Why an engine ended. */
export type EngineDeath = Extract<ErrorCode, "engine_crashed" | "engine_out_of_memory">;

/**
 * `--expose-gc`: the engine collects when a page is done. Small young generation: pages are large and die young,
 * and 16 MB semi-spaces, the default, would be paid for in every thread.
 */
const execArgv = ["--expose-gc", "--max-semi-space-size=4"];

/** Of what the engine prints, only how V8 says that its heap is full is of interest; the rest is dropped. */
const heapExhausted = /JavaScript heap out of memory|FATAL ERROR: .*memory/;
const stderrTailLength = 4_096;

/** One engine process: forked, spoken to, killed. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #oomKillsBefore = oomKillCount();
  readonly #killWithClient = () => this.kill();
  #stderrTail = "";

  constructor(settings: EngineSettings, onMessage: (message: EngineMessage) => void, onEnd: (death: EngineDeath) => void) {
    this.#child = fork(fileURLToPath(new URL("../child/main.js", import.meta.url)), {
      execArgv,
      // No secrets: the engine handles strangers' files. MALLOC_ARENA_MAX: glibc's arenas, eight a processor by
      // default, would each keep what one page needed.
      env: { PATH: process.env.PATH, MALLOC_ARENA_MAX: "2" },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-stderrTailLength);
    });
    this.#child.on("message", (message) => {
      const checked = v.safeParse(EngineMessageSchema, message);
      if (checked.success) onMessage(checked.output);
      else this.kill();
    });
    let ended = false;
    const end = (death: EngineDeath) => {
      if (ended) return;
      ended = true;
      process.off("exit", this.#killWithClient);
      onEnd(death);
    };
    this.#child.on("error", () => end("engine_crashed"));
    this.#child.on("close", (_code, signal) => end(this.#causeOfDeath(signal)));
    process.on("exit", this.#killWithClient);
    this.send({ type: "configure", settings });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(request: EngineRequest): void {
    // A failed send means that the engine is dying: its end is reported by its own event.
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #causeOfDeath(signal: NodeJS.Signals | null): EngineDeath {
    if (heapExhausted.test(this.#stderrTail)) return "engine_out_of_memory";
    const before = this.#oomKillsBefore;
    const killed = signal === "SIGKILL" && before !== null && (oomKillCount() ?? 0) > before;
    return killed ? "engine_out_of_memory" : "engine_crashed";
  }
}
