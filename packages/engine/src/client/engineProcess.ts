import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ErrorCode } from "@quire/core";
import { oomKillCount } from "@quire/memory";
import * as v from "valibot";
import {
  confinedEnvironment,
  heapOptions,
  offerToKernel,
  StderrTail,
} from "../confinement/confinedProcess.ts";
import { type Isolation, isolated } from "../confinement/isolation.ts";
import {
  type EngineMessage,
  EngineMessageSchema,
  type EngineRequest,
  type EngineSettings,
} from "../protocol.ts";
import { listModels } from "../tesseract/models.ts";
import { enginePackage, enginePermissions } from "./enginePermissions.ts";

/** Why an engine ended; `killed`: by somebody else, as far as can be told. */
export type EngineDeath = Extract<ErrorCode, "engine_crashed" | "engine_out_of_memory"> | "killed";

/** The engine collects when a page is done. */
const execArgv = ["--expose-gc"];

export interface EngineStart {
  readonly entry: URL;
  /** Where the documents are linked to that the process may read; null: it is not confined. */
  readonly documentsFolder: string | null;
  readonly isolation: Isolation;
  readonly settings: EngineSettings;
}

/** One engine process: forked, spoken to, killed. */
export class EngineProcess {
  /** Null if the system would not start it: then its end is all there is. */
  readonly #child: ChildProcess | null;
  readonly #oomKillsBefore = oomKillCount();
  readonly #killWithClient = () => this.kill();
  readonly #stderrTail = new StderrTail();
  #expelled = false;

  constructor(
    start: EngineStart,
    onMessage: (message: EngineMessage) => void,
    onEnd: (death: EngineDeath) => void,
  ) {
    this.#child = forkOrNull(start);
    if (!this.#child) {
      setImmediate(() => onEnd("engine_crashed"));
      return;
    }
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderrTail.add(text);
    });
    this.#child.on("message", (message) => {
      // What it said before its end reached it is believed no more.
      if (this.#expelled) return;
      const checked = v.safeParse(EngineMessageSchema, message);
      if (checked.success) onMessage(checked.output);
      else this.#expel();
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
    const { settings } = start;
    this.send({ type: "configure", settings, installed: listModels(settings.tessdataDir) });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  send(request: EngineRequest): void {
    // A failed send means that the engine is dying: its end is reported by its own event.
    if (this.#child?.connected) this.#child.send(request, () => {});
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  /** It breaks the protocol: as bad as a crash. */
  #expel(): void {
    this.#expelled = true;
    this.kill();
  }

  #causeOfDeath(signal: NodeJS.Signals | null): EngineDeath {
    if (this.#stderrTail.saysHeapIsFull) return "engine_out_of_memory";
    if (signal !== "SIGKILL" || this.#expelled) return "engine_crashed";
    // Nothing kills itself this way: it was the kernel, which counts whom it takes, or somebody else.
    const [before, after] = [this.#oomKillsBefore, oomKillCount()];
    if (before === null || after === null) return "engine_crashed";
    return after > before ? "engine_out_of_memory" : "killed";
  }
}

/** `fork` throws where it is out of memory or file descriptors. */
function forkOrNull({ entry, documentsFolder, isolation, settings }: EngineStart): ChildProcess | null {
  const { maxHeapMegabytes, tessdataDir } = settings;
  try {
    const confinement = documentsFolder === null ? [] : enginePermissions(documentsFolder, tessdataDir);
    const { execPath, before } = isolated(isolation);
    const child = fork(fileURLToPath(entry), {
      execPath,
      execArgv: [...before, ...execArgv, ...heapOptions(maxHeapMegabytes), ...confinement],
      env: confinedEnvironment,
      cwd: enginePackage,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Structured clones: as JSON, a preview would be an object of a hundred thousand numbers.
      serialization: "advanced",
    });
    offerToKernel(child.pid);
    return child;
  } catch {
    return null;
  }
}
