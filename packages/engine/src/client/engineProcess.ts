import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { oomKillCount } from "@quire/memory";
import * as v from "valibot";
import {
  confinedEnvironment,
  heapOptions,
  offerToKernel,
  StderrTail,
} from "../confinement/confinedProcess.ts";
import { isolated } from "../confinement/isolation.ts";
import { EngineMessageSchema, type EngineRequest } from "../protocol.ts";
import { listModels } from "../tesseract/models.ts";
import { enginePackage, enginePermissions } from "./enginePermissions.ts";
import type { EngineDeath, EngineProcessPort, EngineStart, ProcessListener } from "./enginePorts.ts";

/** The engine collects when a page is done. */
const execArgv = ["--expose-gc"];

/** A real engine process: forked, spoken to, killed. */
export class EngineProcess implements EngineProcessPort {
  /** Null if the system would not start it: then its end is all there is. */
  readonly #child: ChildProcess | null;
  readonly #oomKillsBefore = oomKillCount();
  readonly #killWithClient = () => this.kill();
  readonly #stderrTail = new StderrTail();
  #expelled = false;

  constructor(start: EngineStart, { onMessage, onDeath }: ProcessListener) {
    this.#child = forkOrNull(start);
    if (!this.#child) {
      setImmediate(onDeath, "engine_crashed");
      return;
    }
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderrTail.add(text);
    });
    this.#child.on("message", (message) => {
      // What it sent before the kill reached it is not believed any more.
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
      onDeath(death);
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
  const { maxHeapMegabytes } = settings;
  try {
    const confinement = documentsFolder === null ? [] : enginePermissions(documentsFolder, settings);
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
