import type { Engine } from "@quire/engine";
import {
  collectGarbage,
  type MemoryLevel,
  type MemorySample,
  memoryLevels,
  percentOf,
  processTreeBytes,
} from "@quire/memory";
import type { Chronicle } from "../chronicle.ts";
import type { ConcurrencyInForce } from "../claiming/concurrency.ts";

const secondMs = 1_000;
/** How long a level is given to pass by itself, or after what was done about it, before that is done (again). */
const patienceMs = {
  /** A document that ends takes the engine's share of it along; one of 142 pages does not end soon. */
  elevated: 60 * secondMs,
  high: 30 * secondMs,
  critical: 10 * secondMs,
  /** Calm for so long, and the concurrency goes up by one. */
  normal: 60 * secondMs,
};
/** An engine that holds less of what is used is not what fills the memory: its pages are not to blame. */
const engineShareToBlame = 0.5;

export interface MemoryGuardOptions {
  readonly engine: Engine;
  readonly concurrency: ConcurrencyInForce;
  readonly chronicle: Chronicle;
  /** The memory stays elevated, and it is not the engine's: only a fresh worker helps. */
  readonly onWorkerTooLarge: () => void;
  /** Pressure has gone: there may be something to claim. */
  readonly onRelief: () => void;
}

/**
 * Does what each level of the memory asks for (docs/memory.md), and finds the way back from it:
 *
 * - elevated: nothing is claimed; garbage is collected; the engine is replaced when it has nothing to do, or after a
 *   minute between two pages. What stays at any level without an engine is the worker's own, or its neighbours'.
 * - high: the engine is replaced after the pages under way, and one document fewer is read at once.
 * - critical: the engine is killed now, and none is started before the level falls.
 * - normal: one document more is read at once, every minute, until it is what is configured.
 */
export class MemoryGuard {
  readonly #options: MemoryGuardOptions;
  #level: MemoryLevel = "normal";
  #since = new Date();
  #actedAtMs = 0;
  #engineKilledAt: Date | null = null;
  #isNotTheEngines = false;

  constructor(options: MemoryGuardOptions) {
    this.#options = options;
  }

  /** Since when the level holds. */
  get since(): Date {
    return this.#since;
  }

  /** The memory has stayed above a watermark without an engine: it is the worker's own, or its neighbours'. */
  get isNotTheEngines(): boolean {
    return this.#isNotTheEngines;
  }

  /** When the engine was last killed, or kept from starting, because the memory was critical. */
  get engineKilledAt(): Date | null {
    return this.#engineKilledAt;
  }

  /** To be called with every sample. */
  act(sample: MemorySample): void {
    const before = this.#level;
    const { level } = sample;
    const { engine } = this.#options;
    if (level !== before) this.#noteLevel(sample, before);
    const entered = memoryLevels.indexOf(level) > memoryLevels.indexOf(before);
    const stands = !entered && sample.at.getTime() - this.#actedAtMs >= patienceMs[level];
    if (entered || stands) this.#actedAtMs = sample.at.getTime();
    const withoutEngine = engine.state === "off";
    if (level !== "critical") engine.release();
    if (entered && before === "normal") this.#collect();
    if (level === "normal") {
      if (stands) this.#raiseConcurrency();
      if (before !== "normal") this.#options.onRelief();
    }
    if (level === "elevated") this.#relieve(sample, stands);
    if (level === "high" && (entered || stands)) this.#replaceEngine();
    if (level === "critical" && (entered || stands)) this.#killEngine(sample);
    this.#isNotTheEngines = level !== "normal" && withoutEngine && (stands || this.#isNotTheEngines);
    if (this.#isNotTheEngines && stands) this.#options.onWorkerTooLarge();
  }

  #noteLevel(sample: MemorySample, before: MemoryLevel): void {
    const { at, level, usedBytes, limitBytes, share, source } = sample;
    this.#level = level;
    this.#since = at;
    this.#actedAtMs = at.getTime();
    const figures = { before, usedBytes, limitBytes, percent: percentOf(share), source };
    void this.#options.chronicle.tell("memory_level", level, figures, level === "normal" ? "info" : "warn");
  }

  #collect(): void {
    const { engine, chronicle } = this.#options;
    engine.collect();
    const { beforeBytes, afterBytes } = collectGarbage();
    void chronicle.tell("collected", "elevated", {
      beforeBytes,
      afterBytes,
      freedBytes: beforeBytes - afterBytes,
    });
  }

  /** The engine's WebAssembly memory never shrinks by itself: an engine that has nothing to do is replaced. */
  #relieve(sample: MemorySample, isOverdue: boolean): void {
    const { engine } = this.#options;
    if (engine.state === "off") return;
    const idle = engine.fill.used === 0;
    if (!idle && !(isOverdue && this.#engineFills(sample))) return;
    engine.recycle("elevated");
    // What that brings shows within the same time again.
    this.#actedAtMs = sample.at.getTime();
  }

  #engineFills({ usedBytes }: MemorySample): boolean {
    const engineBytes = this.#options.engine.pids.reduce((sum, pid) => sum + processTreeBytes(pid), 0);
    return engineBytes >= usedBytes * engineShareToBlame;
  }

  #replaceEngine(): void {
    const { engine, concurrency } = this.#options;
    engine.recycle("high");
    if (concurrency.lower()) this.#tellConcurrency("high");
  }

  #killEngine(sample: MemorySample): void {
    const { engine, concurrency } = this.#options;
    this.#engineKilledAt = sample.at;
    engine.killForMemory(sample, this.#engineFills(sample));
    if (concurrency.lower()) this.#tellConcurrency("critical");
  }

  #raiseConcurrency(): void {
    if (this.#options.concurrency.raise()) this.#tellConcurrency("calm");
  }

  #tellConcurrency(reason: string): void {
    const { chronicle, concurrency } = this.#options;
    const figures = { inForce: concurrency.total, configured: concurrency.configured.total };
    void chronicle.tell("concurrency", reason, figures);
  }
}
