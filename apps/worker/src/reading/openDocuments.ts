import { type Config, type Lane, type PageResult, QuireError, within } from "@quire/core";
import type { Logger } from "@quire/core/log";
import type { Engine } from "@quire/engine";
import { type Claim, ClaimLost, type FileStore, type Queue } from "@quire/store";
import type { DocumentOutcome } from "../health/metrics.ts";
import type { ActiveDocument } from "../health/vitals.ts";
import { DocumentJob } from "./documentJob.ts";
import { Released } from "./failurePolicy.ts";
import { Previews } from "./previews.ts";
import { settleClaim } from "./settleClaim.ts";
import type { Spool } from "./spool.ts";

/** A page's own time limit does not count its waiting for an OCR thread. */
const noProgressPageTimes = 1.5;

export interface OpenDocumentsOptions {
  readonly config: Config;
  readonly queue: Queue;
  readonly files: FileStore;
  readonly spool: Spool;
  readonly engine: Engine;
  readonly log: Logger;
  readonly onPage: (page: PageResult) => void;
  /** `pause`: it ended by a fault of this worker's own. */
  readonly onEnd: (outcome: DocumentOutcome, lane: Lane, seconds: number, pause: boolean) => void;
}

/** The documents that this worker has claimed and not yet settled. */
export class OpenDocuments {
  readonly #options: OpenDocumentsOptions;
  readonly #previews: Previews;
  readonly #jobs = new Map<DocumentJob, Promise<void>>();
  #draining = false;

  constructor(options: OpenDocumentsOptions) {
    this.#options = options;
    this.#previews = new Previews(options.files);
  }

  get count(): number {
    return this.#jobs.size;
  }

  /** Of which no page has been saved yet. */
  get opening(): number {
    return [...this.#jobs.keys()].filter(({ pagesSaved }) => pagesSaved === 0).length;
  }

  get byLane(): Record<Lane, number> {
    const open = { small: 0, medium: 0, large: 0 };
    for (const { claim } of this.#jobs.keys()) open[claim.lane]++;
    return open;
  }

  /** Bytes of the copies on this machine. */
  get spooledBytes(): number {
    return [...this.#jobs.keys()].reduce((sum, { claim }) => sum + claim.sizeBytes, 0);
  }

  /** Results that the engine has handed over, or holds for somebody to take them. */
  get resultsWaiting(): number {
    return [...this.#jobs.keys()].reduce((sum, job) => sum + job.resultsWaiting, 0);
  }

  get active(): ActiveDocument[] {
    return [...this.#jobs.keys()].map(({ claim, pagesDone, pageCount }) => ({
      id: claim.documentId,
      lane: claim.lane,
      claim: claim.number,
      pagesDone,
      pageCount,
    }));
  }

  open(claim: Claim): void {
    const { documentId, number, lane } = claim;
    const log = this.#options.log.child({ document: documentId, claim: number, lane });
    const job = new DocumentJob(claim, { ...this.#options, previews: this.#previews, log });
    if (this.#draining) job.drain();
    this.#jobs.set(job, this.#read(job, log));
  }

  /** Reads a document to its end, whatever that is. Never rejects. */
  async #read(job: DocumentJob, log: Logger): Promise<void> {
    const { lane, pagesRead } = job.claim;
    log.info({ pagesBefore: pagesRead.size }, "document claimed");
    const { outcome, pause } = await this.#settled(job, log);
    const seconds = (performance.now() - job.startedAt) / 1000;
    this.#jobs.delete(job);
    this.#options.onEnd(outcome, lane, seconds, pause);
  }

  async #settled(job: DocumentJob, log: Logger): Promise<{ outcome: DocumentOutcome; pause: boolean }> {
    try {
      const outcome = await job.run();
      log.info(
        {
          outcome,
          pages: job.pagesSaved,
          ...(job.previewsLost > 0 && { previewsLost: job.previewsLost }),
          ms: Math.round(performance.now() - job.startedAt),
        },
        `document ${outcome}`,
      );
      return { outcome: outcome === "released" ? "handed_back" : outcome, pause: false };
    } catch (error) {
      const told = log.child({ pages: job.pagesSaved });
      if (!(error instanceof ClaimLost)) return settleClaim(job.claim, error, told);
      await this.#lose(job.claim, told);
      return { outcome: "lost", pause: false };
    }
  }

  /** It was cancelled, or taken over because this worker seemed dead: which it was not, so no page is to blame. */
  async #lose(claim: Claim, log: Logger): Promise<void> {
    log.info("document lost: cancelled or taken over");
    await this.#options.queue.acquit(claim).catch(() => {});
  }

  /** Renews the hold on every document, and drops those that are lost. */
  async hold(): Promise<void> {
    const jobs = [...this.#jobs.keys()];
    if (jobs.length === 0) return;
    const lost = new Set(await this.#options.queue.hold(jobs.map(({ claim }) => claim)));
    for (const job of jobs) {
      if (lost.has(job.claim) && this.#jobs.has(job)) job.stop(new ClaimLost("the hold was not renewed"));
    }
  }

  /** Takes off what does not move. */
  async takeOffStuck(): Promise<void> {
    const { config, engine } = this.#options;
    const { jobTimeoutMinutes, noProgressMinutes } = config.worker;
    // A page may take its time, and is then the engine's to end.
    const pageMs = config.pageTimeoutSeconds * 1000;
    const noProgressMs = Math.max(noProgressMinutes * 60_000, pageMs * noProgressPageTimes);
    for (const job of this.#jobs.keys()) {
      if (job.isStopping) continue;
      if (performance.now() - job.startedAt > jobTimeoutMinutes * 60_000) {
        job.stop(
          new QuireError(
            "job_timeout",
            `Reading took more than ${jobTimeoutMinutes} minutes; the next try goes on there.`,
          ),
        );
      } else if (job.idleMs > noProgressMs && job.isUnderWay) {
        job.stop(
          new QuireError(
            "no_progress",
            `No page was begun or finished for ${Math.round(noProgressMs / 1000)} s.`,
          ),
        );
        // Whatever the engine is at, it is not reading.
        engine.killStuck();
      } else if (job.idleMs > noProgressMs) job.stop(new Released("it waited for its turn too long"));
    }
  }

  /** The engine has nothing any more: what it had is begun anew. */
  engineDied(): void {
    for (const job of this.#jobs.keys()) job.engineDied();
  }

  /** Ends all of them softly: the pages under way finish and are saved, and the documents are handed back. */
  drain(): void {
    this.#draining = true;
    for (const job of this.#jobs.keys()) job.drain();
  }

  /** Hands all of them back now. */
  stop(): void {
    for (const job of this.#jobs.keys()) job.stop(new Released("its time was up"));
  }

  /** Whether all have come to their end by then, with those that `claiming` may still bring. */
  async settledWithin(limitMs: number, claiming: () => Promise<void> | null): Promise<boolean> {
    const settle = async () => {
      do {
        await claiming();
        await Promise.all(this.#jobs.values());
      } while (claiming() !== null || this.#jobs.size > 0);
    };
    return within(limitMs, settle()).then(
      () => true,
      () => false,
    );
  }
}
