import { readFileSync } from "node:fs";
import type { Config, Lane, PageResult } from "@quire/core";
import type { Logger } from "@quire/core/log";
import { Periodically } from "@quire/core/periodically";
import type { Engine } from "@quire/engine";
import { heapFigures, MemoryGauge, MemoryMonitor, type MemorySample } from "@quire/memory";
import type { Database } from "@quire/store";
import { Chronicle } from "../chronicle.ts";
import type { Claimer } from "../claiming/claimer.ts";
import type { ConcurrencyInForce } from "../claiming/concurrency.ts";
import type { MemoryGuard } from "../memory/memoryGuard.ts";
import type { OpenDocuments } from "../reading/openDocuments.ts";
import type { RestartPlan } from "../restartPlan.ts";
import type { Deliverer } from "../webhooks/deliverer.ts";
import type { Bound } from "./bounds.ts";
import type { EngineReplacement } from "./events.ts";
import { type DocumentOutcome, Metrics } from "./metrics.ts";
import { noCounts } from "./rates.ts";
import type { Counts, Vitals } from "./vitals.ts";

/** What a running worker consists of, as far as it is to be told about. */
export interface WorkerParts {
  readonly workerId: string;
  readonly engine: Engine;
  readonly claimer: Claimer;
  readonly documents: OpenDocuments;
  readonly concurrency: ConcurrencyInForce;
  readonly guard: MemoryGuard;
  readonly restartPlan: RestartPlan;
  readonly deliverer: Deliverer;
}

const sampleEverySeconds = 1;

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/**
 * How a worker stands, from its process's first moment on: what it counts and remembers, and where to look for the
 * rest as soon as it is there.
 */
export class Standing {
  readonly chronicle: Chronicle;
  readonly metrics: Metrics;
  readonly monitor: MemoryMonitor;
  readonly #config: Config;
  readonly #startedAt = new Date();
  readonly #sampling: Periodically;
  readonly #recycles: Partial<Record<EngineReplacement, number>> = {};
  readonly #counts: { -readonly [Name in keyof Counts]: number } = { ...noCounts };
  #database: Database | null = null;
  #parts: WorkerParts | null = null;
  #draining = false;
  #onSample: (sample: MemorySample) => void = () => {};

  /** @param bounds those of others, besides the worker's own */
  constructor(config: Config, log: Logger, bounds: () => readonly Bound[] = () => []) {
    this.#config = config;
    this.chronicle = new Chronicle(log);
    this.metrics = new Metrics({ bounds: () => [...this.#bounds(), ...bounds()] });
    this.monitor = new MemoryMonitor(new MemoryGauge(config.memoryLimitBytes));
    this.monitor.sample();
    this.#sampling = new Periodically("memory", sampleEverySeconds, async () => this.#sample(), log);
    this.#sampling.start();
  }

  /** Claims that came to an end: what a worker's age is counted in. */
  get jobs(): number {
    const { completed, partial, refused, failed, retried, stalled } = this.#counts;
    return completed + partial + refused + failed + retried + stalled;
  }

  get pages(): number {
    return this.#counts.pages;
  }

  /** The newest sample of the memory. */
  get memory(): MemorySample {
    return this.monitor.latest ?? this.monitor.sample();
  }

  /** There is a database, or will be. */
  connects(database: Database): void {
    this.#database = database;
  }

  /** The worker is complete; `onSample` is called every second from now on. */
  runs(parts: WorkerParts, onSample: (sample: MemorySample) => void): void {
    this.#parts = parts;
    this.#onSample = onSample;
  }

  drains(): void {
    this.#draining = true;
  }

  pageRead({ outcome, durationMs }: PageResult): void {
    this.#counts.pages++;
    this.metrics.pageRead(outcome, durationMs / 1000);
  }

  documentEnded(outcome: DocumentOutcome, lane: Lane, seconds: number): void {
    const isNobodysDoing = outcome === "handed_back" || outcome === "lost" || outcome === "moved";
    this.#counts[isNobodysDoing ? "handedBack" : outcome]++;
    this.metrics.documentEnded(outcome, lane, seconds);
  }

  engineReplaced(reason: EngineReplacement): void {
    this.#recycles[reason] = (this.#recycles[reason] ?? 0) + 1;
    this.metrics.engineReplaced(reason);
  }

  vitals(): Vitals {
    const parts = this.#parts;
    const memory = this.memory;
    return {
      workerId: parts?.workerId ?? null,
      version,
      startedAt: this.#startedAt,
      phase: this.#draining ? "draining" : parts ? "running" : "starting",
      database: {
        reachedAt: this.#database?.reachedAt ?? null,
        awaySince: this.#database?.awaySince ?? null,
      },
      claiming: {
        since: parts?.claimer.since ?? null,
        lastAt: parts?.claimer.lastAt ?? null,
        everySeconds: this.#config.worker.pollSeconds,
      },
      memory: {
        usedBytes: memory.usedBytes,
        limitBytes: memory.limitBytes,
        share: memory.share,
        source: memory.source,
        sampledAt: memory.at,
        level: memory.level,
        since: parts?.guard.since ?? this.#startedAt,
        engineKilledAt: parts?.guard.engineKilledAt ?? null,
      },
      heap: { worker: heapFigures(), engine: parts?.engine.figures ?? null },
      engine: {
        state: parts?.engine.state ?? "off",
        cannotStart: parts?.engine.cannotStart ?? false,
        threads: parts?.engine.threads ?? 0,
        reader: parts?.engine.readerStatus ?? null,
        recycles: this.#recycles,
      },
      documents: parts?.documents.active ?? [],
      concurrency: {
        inForce: parts?.concurrency.total ?? 0,
        configured: parts?.concurrency.configured.total ?? 0,
      },
      restart: parts?.restartPlan.left(this.jobs) ?? { jobsLeft: null, hoursLeft: null },
      counts: this.#counts,
      events: this.chronicle.events,
    };
  }

  async close(): Promise<void> {
    await this.#sampling.stop();
  }

  #sample(): void {
    this.#onSample(this.monitor.sample());
  }

  #bounds(): Bound[] {
    const parts = this.#parts;
    if (!parts || !this.#database) return [];
    const { engine, documents, concurrency } = parts;
    const { total } = concurrency;
    return [
      { name: "database_connections", ...this.#database.connections },
      { name: "documents_open", used: documents.count, limit: total },
      { name: "engine_pages", ...engine.fill },
      // Four a thread and document: see the engine's client.
      { name: "results_waiting", used: documents.resultsWaiting, limit: 4 * engine.threads * total },
      { name: "spool_bytes", used: documents.spooledBytes, limit: total * this.#config.limits.maxFileBytes },
      { name: "memory_samples", ...this.monitor.fill },
      this.chronicle.fill,
      parts.deliverer.fill,
    ];
  }
}
