import { type Lane, lanes, type PageOutcome, pageOutcomes } from "@quire/core";
import type { DeliveriesWaiting, DeliveryOutcome } from "@quire/store";
import type { Bound } from "./bounds.ts";
import { DeliveryMetrics } from "./deliveryMetrics.ts";
import { type EngineReplacement, engineReplacements, type RestartReason, restartReasons } from "./events.ts";
import { Instruments } from "./instruments.ts";
import { addProcessMetrics } from "./processMetrics.ts";
import { Registry } from "./promClient.ts";
import { type QueueDepth, QueueGauges } from "./queueGauges.ts";
import { VitalGauges } from "./vitalGauges.ts";
import type { Vitals } from "./vitals.ts";

/** How a claim on a document ended. */
export const documentOutcomes = [
  "completed",
  "partial",
  "refused",
  "failed",
  "retried",
  "stalled",
  "handed_back",
  "lost",
  "moved",
] as const;
export type DocumentOutcome = (typeof documentOutcomes)[number];

const collectionPlaces = ["worker", "engine"] as const;

/** Up to what a page may take, `PAGE_TIMEOUT_SECONDS`; a page is half a second to five on half a processor. */
const pageBounds = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];
/** Up to what a document may take, `JOB_TIMEOUT_MINUTES`. */
const documentBounds = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600];

/**
 * What a worker counts, for Prometheus. Labels have the values of closed sets only, never an id; every series is there
 * from the start. docs/operations.md says what to alarm on.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #make = new Instruments(this.#registry);
  readonly #vitals = new VitalGauges(this.#make);
  readonly #queue = new QueueGauges(this.#make);
  readonly #deliveries = new DeliveryMetrics(this.#make);
  readonly #bounds: () => readonly Bound[];

  readonly #claimed = this.#make.counter("documents_claimed_total", "Documents claimed.", { lane: lanes });
  readonly #ended = this.#make.counter("documents_ended_total", "Claims on documents that ended, by how.", {
    outcome: documentOutcomes,
    lane: lanes,
  });
  readonly #documentSeconds = this.#make.histogram(
    "document_duration_seconds",
    "Time a claim took whose document came to its end: completed, partial or failed.",
    documentBounds,
    { lane: lanes },
  );
  readonly #pageSeconds = this.#make.histogram("page_duration_seconds", "Time a page took.", pageBounds, {
    outcome: pageOutcomes,
  });
  readonly #collections = this.#make.counter("collections_total", "Garbage collections asked for.", {
    where: collectionPlaces,
  });
  readonly #freed = this.#make.counter("collections_freed_bytes_total", "What these collections freed.", {
    where: collectionPlaces,
  });
  readonly #engines = this.#make.counter("engine_replacements_total", "Engines replaced, by why.", {
    reason: engineReplacements,
  });
  readonly #restarts = this.#make.counter("restarts_total", "Decisions to leave and be started afresh.", {
    reason: restartReasons,
  });

  /** @param options.bounds how full every queue, pool and buffer is, asked at each scrape */
  constructor(options: { readonly bounds: () => readonly Bound[] }) {
    this.#bounds = options.bounds;
    addProcessMetrics(this.#registry, "quire_");
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, as text, with what `vitals` says at `now`. */
  async text(vitals: Vitals, now: Date): Promise<string> {
    this.#vitals.set(vitals, this.#bounds(), now);
    this.#queue.forgetOld(now);
    this.#deliveries.forgetOld(now);
    return this.#registry.metrics();
  }

  documentClaimed(lane: Lane): void {
    this.#claimed.inc({ lane });
  }

  /** @param seconds since it was claimed */
  documentEnded(outcome: DocumentOutcome, lane: Lane, seconds: number): void {
    this.#ended.inc({ outcome, lane });
    if (outcome === "completed" || outcome === "partial" || outcome === "failed")
      this.#documentSeconds.observe({ lane }, seconds);
  }

  pageRead(outcome: PageOutcome, seconds: number): void {
    this.#pageSeconds.observe({ outcome }, seconds);
  }

  /** @param freedBytes negative when more was allocated meanwhile: that counts as nothing freed */
  collected(where: (typeof collectionPlaces)[number], freedBytes: number): void {
    this.#collections.inc({ where });
    this.#freed.inc({ where }, Math.max(0, freedBytes));
  }

  engineReplaced(reason: EngineReplacement): void {
    this.#engines.inc({ reason });
  }

  restarting(reason: RestartReason): void {
    this.#restarts.inc({ reason });
  }

  delivered(outcome: DeliveryOutcome): void {
    this.#deliveries.delivered(outcome);
  }

  /** As {@link setQueueDepth}, of webhooks. */
  setDeliveriesWaiting(waiting: DeliveriesWaiting | null, now: Date = new Date()): void {
    this.#deliveries.setWaiting(waiting, now);
  }

  /** To be called at least once a minute; null where the database is away: then nothing is told of the queue. */
  setQueueDepth(depth: QueueDepth | null, now: Date = new Date()): void {
    this.#queue.set(depth, now);
  }
}
