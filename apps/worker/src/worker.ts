import type { Config, Lane } from "@quire/core";
import { within } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import { Periodically } from "@quire/core/periodically";
import { documentsBearable, Engine, type EngineEvent, type EngineOptions } from "@quire/engine";
import { collectGarbage } from "@quire/memory";
import {
  type Claim,
  checkSchema,
  Database,
  type FileStore,
  Queue,
  WorkerRecords,
  webhookNotice,
} from "@quire/store";
import { hasRoom } from "./claiming/admission.ts";
import { Claimer } from "./claiming/claimer.ts";
import { ConcurrencyInForce, concurrencyOf } from "./claiming/concurrency.ts";
import { LanePrecedence } from "./claiming/lanePrecedence.ts";
import type { RestartReason } from "./health/events.ts";
import type { DocumentOutcome } from "./health/metrics.ts";
import { reportReader } from "./health/reader.ts";
import type { Standing } from "./health/standing.ts";
import { MemoryGuard } from "./memory/memoryGuard.ts";
import { recordMemory } from "./memory/recordMemory.ts";
import { OpenDocuments } from "./reading/openDocuments.ts";
import { Spool } from "./reading/spool.ts";
import { RestartPlan } from "./restartPlan.ts";
import { keepingTasks } from "./upkeep/keeping.ts";
import { type MaintenanceTask, scheduleMaintenance } from "./upkeep/maintenance.ts";
import { Deliverer } from "./webhooks/deliverer.ts";

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
const logMemoryEverySeconds = 30;
const storeMemoryEverySeconds = 60;
const queueDepthEverySeconds = 60;
/** What is left of a shutdown for handing back, after the pages under way had their time, and for each closing. */
const settleWithinMs = 10_000;
const closeWithinMs = 5_000;
const minuteMs = 60_000;
const secondsPerHour = 3_600;

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
 * States: starting → running → leaving (old enough: no claims; the open documents are finished) → draining (the pages
 * under way finish; what is left goes back) → stopped.
 */
export class Worker {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #standing: Standing;
  readonly #database: Database;
  readonly #queue: Queue;
  readonly #records: WorkerRecords;
  readonly #files: WorkerFiles;
  readonly #spool: Spool;
  readonly #engine: Engine;
  readonly #concurrency: ConcurrencyInForce;
  readonly #documents: OpenDocuments;
  readonly #claimer: Claimer;
  readonly #guard: MemoryGuard;
  readonly #restartPlan: RestartPlan;
  readonly #closings: Closing[];
  readonly #stopped = Promise.withResolvers<void>();
  #leaving: RestartReason | null = null;
  #draining = false;

  private constructor(options: WorkerOptions, standing: Standing, opened: Opened) {
    const { config, log, engineEntry } = options;
    const { database, files, queue, spool, closings } = opened;
    this.#closings = closings;
    this.#config = config;
    this.#log = log.child({ worker: spool.workerId });
    this.#standing = standing;
    this.#database = database;
    this.#queue = queue;
    this.#records = new WorkerRecords(database, spool.workerId);
    this.#files = files;
    this.#spool = spool;
    this.#engine = new Engine(config, {
      onEvent: (event) => this.#onEngineEvent(event),
      linksFolder: spool.linksFolder,
      ...(engineEntry && { entry: engineEntry }),
    });
    this.#closings.push(() => this.#engine.close());
    this.#concurrency = new ConcurrencyInForce(concurrencyOf(config.worker, documentsBearable(config)));
    this.#documents = new OpenDocuments({
      config,
      queue,
      files: files.store,
      spool,
      engine: this.#engine,
      log: this.#log,
      onPage: (page) => standing.pageRead(page),
      onEnd: (...ending) => this.#onEnd(...ending),
    });
    this.#claimer = new Claimer({
      queue,
      precedence: new LanePrecedence(this.#concurrency),
      open: () => this.#documents.byLane,
      mayClaim: () => this.#mayClaim(),
      onClaim: (claim) => this.#onClaim(claim),
      log: this.#log,
    });
    this.#guard = new MemoryGuard({
      engine: this.#engine,
      concurrency: this.#concurrency,
      chronicle: standing.chronicle,
      onWorkerTooLarge: () => this.#restartPlan.mayLeave && this.#leave("memory"),
      onRelief: () => void this.#claimer.wake(),
    });
    this.#restartPlan = new RestartPlan(config.restart);
    this.#log.info(
      { concurrency: this.#concurrency.configured, threads: this.#engine.threads },
      "worker starts",
    );
  }

  /**
   * Starts a worker: it takes over what dead ones on this machine held, and claims.
   *
   * @throws QuireError `database_unavailable`, `schema_outdated`
   */
  static async start(options: WorkerOptions, standing: Standing): Promise<Worker> {
    const worker = await Worker.#connect(options, standing);
    try {
      await worker.#begin();
    } catch (error) {
      await worker.stop("it could not start");
      throw error;
    }
    return worker;
  }

  static async #connect(options: WorkerOptions, standing: Standing): Promise<Worker> {
    const { config, databaseUrl, log } = options;
    const database = new Database(databaseUrl, {
      poolSize: config.databasePoolSize,
      applicationName: "quire worker",
      via: "worker",
    });
    standing.connects(database);
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
      return new Worker(options, standing, { database, files, queue, spool, closings });
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

  /** Why it left by itself, to be started afresh; null if it did not. */
  get leaving(): RestartReason | null {
    return this.#leaving;
  }

  async #begin(): Promise<void> {
    const { chronicle } = this.#standing;
    chronicle.keepIn(this.#records);
    await this.#buryDeadWorkers();
    await chronicle.tell("started", null, { pid: process.pid });
    await scheduleMaintenance(this.#queue.boss, this.#maintenance(), this.#log);
    const deliverer = await Deliverer.start({
      queue: this.#queue,
      log: this.#log,
      allowPrivate: this.#config.webhooks.allowPrivate,
      onOutcome: (outcome) => this.#standing.metrics.delivered(outcome),
    });
    this.#closings.push(() => deliverer.close());
    this.#startUpkeep(deliverer);
    const listening = this.#queue.listen((what) => {
      if (what !== webhookNotice) void this.#claimer.wake();
      if (what === webhookNotice || what === undefined) deliverer.wake();
    });
    this.#closings.push(() => listening.close());
    this.#standing.runs(
      {
        workerId: this.#spool.workerId,
        engine: this.#engine,
        claimer: this.#claimer,
        documents: this.#documents,
        concurrency: this.#concurrency,
        guard: this.#guard,
        restartPlan: this.#restartPlan,
        deliverer,
      },
      (sample) => this.#guard.act(sample),
    );
  }

  #maintenance(): Record<string, MaintenanceTask> {
    return {
      requeue_lost: { cron: "*/10 * * * *", run: () => this.#queue.requeueLost() },
      prune_records: { cron: "17 * * * *", run: () => this.#records.prune() },
      sweep_files: { cron: "41 * * * *", run: () => this.#files.sweep() },
      ...keepingTasks(this.#config.retention, this.#database, this.#files.store),
    };
  }

  #startUpkeep(deliverer: Deliverer): void {
    const { pollSeconds } = this.#config.worker;
    const memory = recordMemory(this.#standing, this.#records, this.#log);
    const tasks: [name: string, everySeconds: number, task: () => Promise<void>, firstAfterMs?: number][] = [
      ["hold", holdEverySeconds, () => this.#documents.hold()],
      ["watch", watchEverySeconds, () => this.#watch()],
      ["poll", pollSeconds, () => this.#claimer.wake()],
      ["bury", buryEverySeconds, () => this.#buryDeadWorkers()],
      ["log memory", logMemoryEverySeconds, memory.log],
      // Who watches it starting sees it at once.
      ["store memory", storeMemoryEverySeconds, memory.store, 0],
      ["queue depth", queueDepthEverySeconds, () => this.#tellQueueDepth(deliverer)],
    ];
    for (const [name, everySeconds, run, firstAfterMs] of tasks) {
      const task = new Periodically(name, everySeconds, run, this.#log);
      task.start(firstAfterMs);
      this.#closings.push(() => task.stop());
    }
  }

  /**
   * Stops claiming, lets the pages under way finish within the grace period, hands the rest back, closes. What is
   * held is held to the end.
   */
  async stop(reason: string): Promise<void> {
    if (this.#draining) return this.stopped;
    this.#draining = true;
    this.#standing.drains();
    this.#claimer.stop();
    this.#log.info({ reason, documents: this.#documents.count }, "worker drains");
    this.#documents.drain();
    const { shutdownGraceSeconds } = this.#config.worker;
    if (!(await this.#settledWithin(shutdownGraceSeconds * 1000))) {
      this.#documents.stop();
      this.#engine.close();
      await this.#settledWithin(settleWithinMs);
    }
    // From here on a database that does not answer holds nobody up.
    this.#database.stopRetrying();
    await within(closeWithinMs, this.#standing.chronicle.tell("stopped", reason, this.#life)).catch(() => {});
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

  /** It is old enough: claims nothing any more, finishes the open documents if they do not take too long, and stops. */
  #leave(reason: RestartReason): void {
    if (this.#leaving || this.#draining) return;
    this.#leaving = reason;
    this.#claimer.stop();
    this.#standing.drains();
    this.#standing.metrics.restarting(reason);
    const figures = { ...this.#life, open: this.#documents.count };
    void this.#standing.chronicle.tell("restart", reason, figures);
    // What fills the memory is this process: no document gets on meanwhile.
    const drainMinutes = reason === "memory" ? 0 : this.#config.restart.drainMinutes;
    void this.#settledWithin(drainMinutes * minuteMs).then(() => this.stop(reason));
  }

  /** What it has done so far, and how its memory stands. */
  get #life() {
    const { jobs, pages, memory } = this.#standing;
    const { usedBytes, limitBytes, level } = memory;
    const hours = Number((process.uptime() / secondsPerHour).toFixed(2));
    return { jobs, pages, hours, usedBytes, limitBytes, level };
  }

  #settledWithin(limitMs: number): Promise<boolean> {
    return this.#documents.settledWithin(limitMs, () => this.#claimer.round);
  }

  /**
   * By the memory: with nothing open one document may always be tried while the level is normal; and if it fits, while
   * what keeps the level up is not the engine's.
   */
  #mayClaim(): boolean {
    const { memory } = this.#standing;
    const { count, opening } = this.#documents;
    const fits = () => hasRoom(memory, { opening, engine: this.#engine });
    if (memory.level === "normal") return count === 0 || fits();
    return count === 0 && this.#guard.isNotTheEngines && fits();
  }

  #onClaim(claim: Claim): void {
    this.#standing.metrics.documentClaimed(claim.lane);
    this.#documents.open(claim);
  }

  #onEnd(outcome: DocumentOutcome, lane: Lane, seconds: number, pause: boolean): void {
    this.#standing.documentEnded(outcome, lane, seconds);
    if (pause) this.#claimer.pause();
    else if (outcome === "completed" || outcome === "partial") this.#claimer.forgetPauses();
    this.#collect();
    this.#considerLeaving();
    void this.#claimer.wake();
  }

  #collect(): void {
    const { beforeBytes, afterBytes } = collectGarbage();
    const freedBytes = beforeBytes - afterBytes;
    this.#standing.metrics.collected("worker", freedBytes);
    this.#log.info({ beforeBytes, afterBytes, freedBytes }, "worker collected");
  }

  async #watch(): Promise<void> {
    this.#considerLeaving();
    await this.#documents.takeOffStuck();
  }

  #considerLeaving(): void {
    const reason = this.#restartPlan.due(this.#standing.jobs);
    if (reason) this.#leave(reason);
  }

  async #tellQueueDepth(deliverer: Deliverer): Promise<void> {
    const { metrics } = this.#standing;
    const { awaySince } = this.#database;
    metrics.setQueueDepth(awaySince ? null : await this.#queue.depth());
    metrics.setDeliveriesWaiting(awaySince ? null : await deliverer.waiting());
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
    const { chronicle, metrics } = this.#standing;
    const { type, ...figures } = event;
    switch (event.type) {
      case "died":
        // Its successor or predecessor may go on with what it has.
        if (this.#engine.pids.length === 0) this.#documents.engineDied();
        this.#standing.engineReplaced(event.death);
        void chronicle.tell("engine_died", event.death, figures, "warn");
        break;
      case "recycled":
        this.#standing.engineReplaced(event.reason);
        void chronicle.tell("engine_recycled", event.reason, figures);
        break;
      case "unavailable":
        void chronicle.tell("engine_unavailable", null, {}, "warn");
        break;
      case "collected": {
        const freedBytes = event.beforeBytes - event.afterBytes;
        metrics.collected("engine", freedBytes);
        // After so many pages is often: every one, in conservative mode.
        this.#log[event.why === "pages" ? "debug" : "info"]({ ...figures, freedBytes }, "engine collected");
        break;
      }
      case "reader": {
        const { line, isFallback } = reportReader(event.status, this.#config);
        this.#log[isFallback ? "warn" : "info"]({ ...event.status }, `reads with ${line}`);
        break;
      }
      case "started":
        void this.#spool.noteEngines(this.#engine.pids).catch(() => {});
        this.#log.debug(figures, "engine started");
        break;
    }
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
