import { type Config, type Lane, QuireError } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import { documentsBearable, Engine, type EngineEvent, type EngineOptions } from "@quire/engine";
import {
  type Claim,
  ClaimLost,
  checkSchema,
  Database,
  type FileStore,
  Queue,
  WorkerRecords,
} from "@quire/store";
import { concurrencyOf } from "./claiming/concurrency.ts";
import { LanePrecedence } from "./claiming/lanePrecedence.ts";
import { DocumentJob } from "./reading/documentJob.ts";
import { Released } from "./reading/failurePolicy.ts";
import { settleClaim } from "./reading/settleClaim.ts";
import { Spool } from "./reading/spool.ts";
import { scheduleMaintenance } from "./upkeep/maintenance.ts";
import { Periodically } from "./upkeep/periodically.ts";
import { within } from "./upkeep/within.ts";

export interface WorkerOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  /** The files of this database. */
  readonly openFiles: (database: Database) => Promise<WorkerFiles>;
  readonly log: Logger;
  /** In tests: an engine that misbehaves. */
  readonly engineEntry?: EngineOptions["entry"];
}

export interface WorkerFiles {
  readonly store: FileStore;
  /** Removes what the store holds for nobody. @returns how many files */
  sweep(): Promise<number>;
}

/** Of the heartbeat of 30 s, so that two may go missing. */
const holdEverySeconds = 10;
const watchEverySeconds = 1;
const buryEverySeconds = 60;
/** A page's own time limit does not count its waiting for an OCR thread. */
const noProgressPageTimes = 1.5;
/** How long this worker claims nothing after something that was its own fault; doubled each time, up to a minute. */
const pauseMs = { first: 1_000, most: 60_000 };
/** What is left of a shutdown for handing back, after the pages under way had their time, and for each closing. */
const settleWithinMs = 10_000;
const closeWithinMs = 5_000;

/** Undoes one opening; called in reverse order. */
type Closing = () => void | Promise<void>;

interface Opened {
  readonly database: Database;
  readonly files: WorkerFiles;
  readonly queue: Queue;
  readonly spool: Spool;
  readonly closings: Closing[];
}

/**
 * One worker: claims documents, reads them with one engine, saves their pages.
 *
 * States: starting → running → draining (no claims; the pages under way finish; what is left goes back) → stopped.
 */
export class Worker {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #database: Database;
  readonly #queue: Queue;
  readonly #records: WorkerRecords;
  readonly #files: WorkerFiles;
  readonly #spool: Spool;
  readonly #engine: Engine;
  readonly #precedence: LanePrecedence;
  readonly #jobs = new Map<DocumentJob, Promise<void>>();
  readonly #closings: Closing[];
  readonly #stopped = Promise.withResolvers<void>();
  #draining = false;
  #claiming: Promise<void> | null = null;
  #wokenWhileClaiming = false;
  #pausedUntil = 0;
  #pauseMs = pauseMs.first;

  private constructor(options: WorkerOptions, { database, files, queue, spool, closings }: Opened) {
    const { config, log, engineEntry } = options;
    const concurrency = concurrencyOf(config.worker, documentsBearable(config));
    this.#closings = closings;
    this.#config = config;
    this.#log = log.child({ worker: spool.workerId });
    this.#database = database;
    this.#queue = queue;
    this.#records = new WorkerRecords(database, spool.workerId);
    this.#files = files;
    this.#spool = spool;
    this.#precedence = new LanePrecedence(concurrency);
    this.#engine = new Engine(config, {
      onEvent: (event) => this.#onEngineEvent(event),
      ...(engineEntry && { entry: engineEntry }),
    });
    this.#closings.push(() => this.#engine.close());
    this.#log.info({ concurrency, threads: this.#engine.threads }, "worker starts");
  }

  /**
   * Starts a worker: it takes over what dead ones on this machine held, and claims.
   *
   * @throws QuireError `database_unavailable`, `schema_outdated`
   */
  static async start(options: WorkerOptions): Promise<Worker> {
    const worker = await Worker.#connect(options);
    try {
      await worker.#begin();
    } catch (error) {
      await worker.stop("it could not start");
      throw error;
    }
    return worker;
  }

  static async #connect(options: WorkerOptions): Promise<Worker> {
    const { config, databaseUrl, log } = options;
    const database = new Database(databaseUrl, {
      poolSize: config.databasePoolSize,
      applicationName: "quire worker",
    });
    const closings: Closing[] = [() => database.close()];
    try {
      await checkSchema(database);
      const files = await options.openFiles(database);
      const spool = await Spool.create(config.tempDir);
      closings.push(() => spool.close());
      const queue = await Queue.open(database, {
        workerId: spool.workerId,
        onError: seldom((error) =>
          log.warn({ error: describeError(error) }, "queue upkeep fails, and is tried again"),
        ),
      });
      closings.push(() => queue.close());
      return new Worker(options, { database, files, queue, spool, closings });
    } catch (error) {
      for (const close of closings.reverse()) await close();
      throw error;
    }
  }

  /** The process is about to end by a fault of its own: the successor is to know. */
  noteCrash(): void {
    this.#spool.noteCrash();
  }

  /** Resolves when it has stopped. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  async #begin(): Promise<void> {
    const { pollSeconds } = this.#config.worker;
    await this.#buryDeadWorkers();
    await this.#records.record("started", null, { pid: process.pid });
    await scheduleMaintenance(this.#queue.boss, {
      requeueLost: () => this.#queue.requeueLost(),
      pruneRecords: () => this.#records.prune(),
      sweepFiles: () => this.#files.sweep(),
      log: this.#log,
    });
    const upkeep = [
      new Periodically("hold", holdEverySeconds, () => this.#hold(), this.#log),
      new Periodically("watch", watchEverySeconds, () => this.#watch(), this.#log),
      new Periodically("poll", pollSeconds, () => this.#claimAll(), this.#log),
      new Periodically("bury", buryEverySeconds, () => this.#buryDeadWorkers(), this.#log),
    ];
    for (const task of upkeep) {
      task.start();
      this.#closings.push(() => task.stop());
    }
    const listening = this.#queue.listen(() => void this.#claimAll());
    this.#closings.push(() => listening.close());
  }

  /**
   * Stops claiming, lets the pages under way finish within the grace period, hands the rest back, closes. What is
   * held is held to the end.
   */
  async stop(reason: string): Promise<void> {
    if (this.#draining) return this.stopped;
    this.#draining = true;
    this.#log.info({ reason, documents: this.#jobs.size }, "worker drains");
    for (const job of this.#jobs.keys()) job.drain();
    const { shutdownGraceSeconds } = this.#config.worker;
    if (!(await this.#settledWithin(shutdownGraceSeconds * 1000))) {
      for (const job of this.#jobs.keys()) job.stop(new Released("its time was up"));
      this.#engine.close();
      await this.#settledWithin(settleWithinMs);
    }
    // From here on a database that does not answer holds nobody up.
    this.#database.stopRetrying();
    await within(closeWithinMs, this.#records.record("stopped", reason)).catch(() => {});
    for (const close of this.#closings.reverse()) {
      try {
        await within(closeWithinMs, close());
      } catch (error) {
        this.#log.warn({ error: describeError(error) }, "closing failed");
      }
    }
    this.#log.info({ reason }, "worker stopped");
    this.#stopped.resolve();
  }

  /** Whether everything that was begun has come to its end by then, a claim in the making included. */
  async #settledWithin(limitMs: number): Promise<boolean> {
    const settle = async () => {
      do {
        await this.#claiming;
        await Promise.all(this.#jobs.values());
      } while (this.#claiming !== null || this.#jobs.size > 0);
    };
    return within(limitMs, settle()).then(
      () => true,
      () => false,
    );
  }

  /** Claims as much as there is room for. Called at every sign that there may be something; one runs at a time. */
  #claimAll(): Promise<void> {
    this.#wokenWhileClaiming = this.#claiming !== null;
    this.#claiming ??= this.#claimWhileThereIsRoom().finally(() => {
      this.#claiming = null;
    });
    return this.#claiming;
  }

  async #claimWhileThereIsRoom(): Promise<void> {
    try {
      do {
        this.#wokenWhileClaiming = false;
        while (await this.#claimOne());
      } while (this.#wokenWhileClaiming);
    } catch (error) {
      this.#log.warn({ error: describeError(error) }, "claiming failed, and is tried again");
    }
  }

  async #claimOne(): Promise<boolean> {
    if (this.#draining || performance.now() < this.#pausedUntil) return false;
    for (const lane of this.#precedence.claimable(this.#openDocuments())) {
      const claim = await this.#queue.claim(lane);
      if (!claim) continue;
      this.#precedence.claimed(lane);
      this.#open(claim);
      return true;
    }
    return false;
  }

  #openDocuments(): Record<Lane, number> {
    const open = { small: 0, medium: 0, large: 0 };
    for (const { claim } of this.#jobs.keys()) open[claim.lane]++;
    return open;
  }

  #open(claim: Claim): void {
    const job = new DocumentJob(claim, {
      engine: this.#engine,
      files: this.#files.store,
      spool: this.#spool,
      config: this.#config,
    });
    if (this.#draining) job.drain();
    const done = this.#read(job).finally(() => {
      this.#jobs.delete(job);
      void this.#claimAll();
    });
    this.#jobs.set(job, done);
  }

  /** Reads a document to its end, whatever that is. Never rejects. */
  async #read(job: DocumentJob): Promise<void> {
    const { documentId, number, lane, pagesRead } = job.claim;
    const log = this.#log.child({ document: documentId, claim: number, lane });
    log.info({ pagesBefore: pagesRead.size }, "document claimed");
    try {
      const outcome = await job.run();
      this.#pauseMs = pauseMs.first;
      log.info(
        { outcome, pages: job.pagesSaved, ms: Math.round(performance.now() - job.startedAt) },
        `document ${outcome}`,
      );
    } catch (error) {
      const told = log.child({ pages: job.pagesSaved });
      if (error instanceof ClaimLost) await this.#lose(job.claim, told);
      else if ((await settleClaim(job.claim, error, told)) === "pause") this.#pause();
    }
  }

  /** It was cancelled, or taken over because this worker seemed dead: which it was not, so no page is to blame. */
  async #lose(claim: Claim, log: Logger): Promise<void> {
    log.info("document lost: cancelled or taken over");
    await this.#queue.acquit(claim).catch(() => {});
  }

  #pause(): void {
    if (performance.now() < this.#pausedUntil) return;
    this.#pausedUntil = performance.now() + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, pauseMs.most);
  }

  /** Renews the hold on every document, and drops those that are lost. */
  async #hold(): Promise<void> {
    const jobs = [...this.#jobs.keys()];
    if (jobs.length === 0) return;
    const lost = new Set(await this.#queue.hold(jobs.map(({ claim }) => claim)));
    for (const job of jobs) {
      if (lost.has(job.claim) && this.#jobs.has(job)) job.stop(new ClaimLost("the hold was not renewed"));
    }
  }

  /** Takes off what does not move. */
  async #watch(): Promise<void> {
    const { jobTimeoutMinutes, noProgressMinutes } = this.#config.worker;
    // A page may take its time, and is then the engine's to end.
    const pageMs = this.#config.pageTimeoutSeconds * 1000;
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
        this.#engine.killStuck();
      } else if (job.idleMs > noProgressMs) job.stop(new Released("it waited for its turn too long"));
    }
  }

  /** What workers that died on this machine left: their documents at once, and their copies. */
  async #buryDeadWorkers(): Promise<void> {
    await this.#spool.markAlive();
    for (const { workerId, killed } of await this.#spool.deadWorkers()) {
      const documents = await this.#queue.releaseDeadWorker(workerId, { killed });
      await this.#spool.removeFolder(workerId);
      this.#log.info({ dead: workerId, killed, documents }, "took over from a dead worker");
    }
  }

  #onEngineEvent(event: EngineEvent): void {
    const { type, ...figures } = event;
    if (event.type === "died") {
      for (const job of this.#jobs.keys()) job.engineDied();
      this.#log.warn(figures, "engine died");
      this.#records.record("engine_died", event.death, figures).catch(() => {});
      return;
    }
    if (event.type === "started" && event.pid !== undefined)
      void this.#spool.noteEngine(event.pid).catch(() => {});
    this.#log.debug(figures, `engine ${type}`);
  }
}

const sayAgainAfterMs = 30_000;

/** Tells of a trouble that comes back every second only now and then. */
function seldom(tell: (error: Error) => void): (error: Error) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - toldAt < sayAgainAfterMs) return;
    toldAt = performance.now();
    tell(error);
  };
}
