import type { Config } from "@quire/core";
import type { MemoryReading } from "@quire/memory";
import type { DocumentSource } from "../protocol.ts";
import { DeathHandler } from "./deathHandler.ts";
import { type DocumentHost, EngineDocument } from "./engineDocument.ts";
import type { EngineEvent, ReaderStatus, RecycleReason } from "./engineEvents.ts";
import type { EnginePorts, EngineStart } from "./enginePorts.ts";
import { EngineSession } from "./engineSession.ts";
import type { EngineTask, TaskStart } from "./engineTask.ts";
import { EngineTicker } from "./engineTicker.ts";
import { MemoryAdmission } from "./memoryAdmission.ts";
import { MessageHandler } from "./messageHandler.ts";
import { OpeningTask } from "./openingTask.ts";
import type { PageRun } from "./pageRun.ts";
import { PageTask } from "./pageTask.ts";
import { PendingWork } from "./pendingWork.ts";
import { ProcessSuccession } from "./processSuccession.ts";
import { Scheduler } from "./scheduler.ts";

export interface SupervisorOptions {
  readonly config: Pick<Config, "engineMaxPages" | "engineMaxRssBytes" | "pageTimeoutSeconds">;
  readonly threads: number;
  readonly ports: EnginePorts;
  /** What the next process is started with. */
  readonly start: () => EngineStart;
  readonly onEvent: (event: EngineEvent) => void;
  readonly onDocumentClosed: (id: number) => void;
  /** A process has died before it was ready. */
  readonly onFailedStart: () => void;
}

export interface OpenOptions {
  /** Called, and awaited, each time before the opening is handed to the engine process; may refuse it. */
  readonly begin?: (start: TaskStart) => Promise<void>;
  /**
   * The opening was under way when an engine died, and that so often with nothing else to do: it is done alone.
   */
  readonly crashCount?: number | undefined;
  /** Ends the waiting, with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Keeps an engine process at work as long as there is work. When one dies, everything it had is a suspect, not guilty:
 * suspects are done again, each alone, before anything else.
 */
export class EngineSupervisor implements DocumentHost {
  readonly #options: SupervisorOptions;
  readonly #succession: ProcessSuccession;
  readonly #pending: PendingWork;
  readonly #admission: MemoryAdmission;
  readonly #scheduler: Scheduler;
  readonly #messages: MessageHandler;
  readonly #deaths: DeathHandler;
  readonly #ticker: EngineTicker;
  #readerStatus: ReaderStatus | null = null;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    const { config, threads, ports, onEvent, onFailedStart } = options;
    const succession = new ProcessSuccession({
      start: () => this.#start(),
      now: () => ports.clock.now(),
      onRecycled: (reason, pagesRead) => onEvent({ type: "recycled", reason, pagesRead }),
    });
    const pending = new PendingWork(threads);
    const admission = new MemoryAdmission(ports);
    const onWork = () => this.#ticker.start();
    const scheduler = new Scheduler({ threads, succession, pending, admission, onWork });
    const onReady = (session: EngineSession) => this.#noteReady(session);
    const parts = { config, succession, scheduler, pending, onEvent };
    const onReader = (status: ReaderStatus) => this.#noteReader(status);
    this.#messages = new MessageHandler({ ...parts, admission, onReady, onReader });
    this.#deaths = new DeathHandler({ ...parts, onFailedStart });
    this.#ticker = new EngineTicker({
      clock: ports.clock,
      succession,
      pageTimeoutMs: config.pageTimeoutSeconds * 1000,
      isNeeded: () => scheduler.taskCount > 0 || pending.hasWork,
      onSuccessorGivenUp: () => scheduler.schedule(),
    });
    this.#succession = succession;
    this.#pending = pending;
    this.#admission = admission;
    this.#scheduler = scheduler;
  }

  get current(): EngineSession | null {
    return this.#succession.current;
  }

  get pids(): number[] {
    return this.#succession.all.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** What reads pages; null before the first process is ready. */
  get readerStatus(): ReaderStatus | null {
    return this.#readerStatus;
  }

  get isClosed(): boolean {
    return this.#succession.state === "closed";
  }

  /** It died again and again before it was ready: the installation is at fault. */
  get cannotStart(): boolean {
    return this.#deaths.cannotStart;
  }

  get fill(): { readonly used: number; readonly limit: number } {
    return { used: this.#scheduler.taskCount, limit: this.#scheduler.maxTasks };
  }

  /** @throws QuireError why the document is refused; whatever `begin` rejects with; the signal's reason */
  async open(id: number, source: DocumentSource, options: OpenOptions): Promise<EngineDocument> {
    const { begin, crashCount, signal } = options;
    const opening = new OpeningTask(id, source, begin);
    if (crashCount === undefined) this.#pending.queue(opening);
    else this.#suspect(opening, crashCount);
    const abort = () => {
      opening.abandon(signal?.reason);
      this.schedule();
    };
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    else this.schedule();
    try {
      const document = new EngineDocument(id, source, await opening.facts, this);
      this.#pending.addDocument(document);
      return document;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  schedule(): void {
    this.#scheduler.schedule();
  }

  suspect(document: EngineDocument, run: PageRun, pageNumber: number, crashCount: number): void {
    run.takePage(pageNumber);
    this.#suspect(new PageTask(document, run, pageNumber), crashCount);
  }

  dropSuspects(document: EngineDocument): void {
    this.#pending.dropSuspects(document);
  }

  closeDocument(document: EngineDocument): void {
    this.#pending.removeDocument(document);
    this.#options.onDocumentClosed(document.id);
    for (const session of this.#succession.all) session.send({ type: "close", document: document.id });
    this.schedule();
  }

  recycle(reason: RecycleReason): void {
    this.#scheduler.recycle(reason);
  }

  killStuck(): void {
    this.#succession.kill({ reason: "no_progress" });
  }

  killForMemory(reading: MemoryReading, engineIsLargest: boolean): void {
    this.#admission.hold();
    this.#succession.kill({ reason: "critical", reading, engineIsLargest });
  }

  release(): void {
    if (this.#admission.release()) this.schedule();
  }

  close(error: Error): void {
    this.#scheduler.close(error);
    this.#ticker.stop();
    this.#succession.close();
  }

  #suspect(task: EngineTask, crashCount: number): void {
    task.crashCount = crashCount;
    this.#pending.suspect(task);
  }

  #start(): EngineSession {
    return new EngineSession(this.#options.start(), this.#options.ports, {
      onMessage: (message, session) => this.#messages.handle(message, session),
      onDeath: (death, session) => this.#deaths.handle(death, session),
    });
  }

  #noteReader(status: ReaderStatus): void {
    const before = this.#readerStatus;
    this.#readerStatus = status;
    if (before?.engine !== status.engine || before.reason !== status.reason)
      this.#options.onEvent({ type: "reader", status });
  }

  #noteReady({ pid }: EngineSession): void {
    this.#deaths.noteReady();
    this.#options.onEvent({ type: "started", pid, threads: this.#options.threads });
  }
}
