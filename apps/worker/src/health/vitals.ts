import type { Lane } from "@quire/core";
import type { EngineFigures, ReaderStatus } from "@quire/engine";
import type { HeapFigures, MemoryLevel, MemoryReading } from "@quire/memory";
import type { EngineReplacement, WorkerEventName } from "./events.ts";

/** How a worker stands at this moment: what `/health` shows and judges. Ids and figures only. */
export interface Vitals {
  /** Null until it has started. */
  readonly workerId: string | null;
  readonly version: string;
  readonly startedAt: Date;
  readonly phase: "starting" | "running" | "draining";
  readonly database: {
    /** Null: not once yet. */
    readonly reachedAt: Date | null;
    /** Since when it has not answered; null while it does. */
    readonly awaySince: Date | null;
  };
  readonly claiming: {
    /** Since when one round of claiming has been under way; null between two. */
    readonly since: Date | null;
    /** When the last round ended; at first, when the worker began to claim; null before. */
    readonly lastAt: Date | null;
    /** How often a round is due, `POLL_SECONDS`. */
    readonly everySeconds: number;
  };
  readonly memory: MemoryVitals;
  readonly heap: { readonly worker: HeapFigures; readonly engine: EngineFigures | null };
  readonly engine: {
    readonly state: "off" | "starting" | "running";
    /** It died again and again before it was ready. */
    readonly cannotStart: boolean;
    readonly threads: number;
    /** What it reads with; null until an engine has said so. */
    readonly reader: ReaderStatus | null;
    /** How often it was replaced, by reason. */
    readonly recycles: Readonly<Partial<Record<EngineReplacement, number>>>;
  };
  readonly documents: readonly ActiveDocument[];
  readonly concurrency: { readonly inForce: number; readonly configured: number };
  readonly restart: { readonly jobsLeft: number | null; readonly hoursLeft: number | null };
  readonly counts: Counts;
  /** The newest last, at most twenty. */
  readonly events: readonly WorkerEvent[];
}

export interface MemoryVitals extends MemoryReading {
  /** When this was read: due every second, so that an old one shows that timers do not run. */
  readonly sampledAt: Date;
  readonly level: MemoryLevel;
  /** Since when this level holds. */
  readonly since: Date;
  /** When the engine was last killed for it; null: never. */
  readonly engineKilledAt: Date | null;
}

export interface ActiveDocument {
  readonly id: string;
  readonly lane: Lane;
  readonly claim: number;
  readonly pagesDone: number;
  /** Null until it has been opened. */
  readonly pageCount: number | null;
}

/** Since the worker started. */
export interface Counts {
  readonly pages: number;
  readonly completed: number;
  readonly partial: number;
  /** Documents that nobody could read: encrypted, damaged, over a limit. */
  readonly refused: number;
  /** Documents that gave up, or of which too many pages failed. */
  readonly failed: number;
  /** Claims that ended with a failure, and whose document is tried again. */
  readonly retried: number;
  /** The same with a stall: it stopped moving. */
  readonly stalled: number;
  /** Claims that were handed back, lost or moved to another lane: nobody's fault, and in no rate. */
  readonly handedBack: number;
}

export interface WorkerEvent {
  readonly at: Date;
  readonly event: WorkerEventName;
  readonly reason: string | null;
}
