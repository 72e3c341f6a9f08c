import type { ErrorCode } from "@quire/core";
import type { MemoryReading } from "@quire/memory";
import type { Isolation } from "../confinement/isolation.ts";
import type { EngineMessage, EngineRequest, EngineSettings } from "../protocol.ts";

/** Why an engine ended; `killed`: by somebody else, as far as can be told. */
export type EngineDeath = Extract<ErrorCode, "engine_crashed" | "engine_out_of_memory"> | "killed";

/** What an engine process is started with. */
export interface EngineStart {
  readonly entry: URL;
  /** The folder with links to the documents that the process may read; null: it is not confined. */
  readonly documentsFolder: string | null;
  readonly isolation: Isolation;
  readonly settings: EngineSettings;
}

export interface ProcessListener {
  onMessage(message: EngineMessage): void;
  /** Called once for every process, also for one that could not be started; never during `start` or `kill`. */
  onDeath(death: EngineDeath): void;
}

/** An engine process as the client sees it. */
export interface EngineProcessPort {
  readonly pid: number | undefined;
  /** Does nothing once the process is dead. */
  send(request: EngineRequest): void;
  kill(): void;
}

/** Monotonic time. */
export interface EngineClock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls `tick` again and again. @returns what stops that */
  every(milliseconds: number, tick: () => void): () => void;
}

/** What the client of the engine is built on; a test brings its own processes, time and memory. */
export interface EnginePorts {
  startProcess(start: EngineStart, listener: ProcessListener): EngineProcessPort;
  readonly clock: EngineClock;
  readonly gauge: { read(): MemoryReading };
}

export const systemClock: EngineClock = {
  now: () => performance.now(),
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds);
    return () => clearInterval(timer);
  },
};
