import { type Config, type DocumentFacts, QuireError } from "@quire/core";
import type { DocumentSource, EngineMessage, ReadOptions } from "../protocol.ts";
import { failGuilty, failLate, strikeOf, strikesToFail } from "./blame.ts";
import { checkFileSize, sizeOf } from "./checkFileSize.ts";
import { type DocumentHost, EngineDocument } from "./engineDocument.ts";
import { type EngineDeath, EngineProcess } from "./engineProcess.ts";
import { engineSettings } from "./engineSettings.ts";
import { type EngineTask, OpeningTask, PageTask, type TaskStart, taskKey } from "./engineTask.ts";
import { advance } from "./pageClock.ts";
import type { PageReading } from "./pageReading.ts";

/** What the engine tells whoever keeps a log. */
export type EngineEvent =
  | { readonly type: "started"; readonly pid: number | undefined; readonly threads: number }
  | {
      readonly type: "died";
      readonly death: EngineDeath | "page_timeout" | "recycled";
      readonly pagesUnderWay: number;
    }
  | {
      readonly type: "collected";
      readonly beforeBytes: number;
      readonly afterBytes: number;
      readonly pagesRead: number;
    };

export interface EngineOptions {
  readonly onEvent?: ((event: EngineEvent) => void) | undefined;
  /** The module that the engine process runs: the engine, or in tests one that misbehaves. */
  readonly entry?: URL;
}

export interface OpenOptions {
  /** Called, and awaited, each time before the opening is handed to the engine process; may refuse it. */
  readonly begin?: (start: TaskStart) => Promise<void>;
  /** The opening was under way when an engine died, and that often with nothing else to do: it is done alone. */
  readonly strikes?: number | undefined;
  /** Ends the waiting, with its reason. */
  readonly signal?: AbortSignal;
}

const engineEntry = new URL("../child/main.js", import.meta.url);

/** Engines in a row that died before they were ready: then it is not the document's fault. */
const maxFailedStarts = 3;
/** Loading takes one to three seconds; one that takes this long will not come. */
const startWithinMs = 60_000;
const tickMs = 250;

/**
 * The client of the engine process: opens documents in it and shares its threads among their pages, in turn.
 *
 * States: no process → starting (until `ready`) → running → no process, when it dies or is killed; the next page
 * starts another. When an engine dies, everything under way is a suspect, not guilty: suspects are done again,
 * each alone, before anything else. Closed is the end.
 */
export class Engine implements DocumentHost {
  readonly #config: Config;
  readonly #settings;
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #entry: URL;
  readonly #documents = new Map<number, EngineDocument>();
  /** What goes to the engine before another page is begun: openings, and what a killed engine left undone. */
  readonly #queued: EngineTask[] = [];
  readonly #underWay = new Map<string, EngineTask>();
  /** About to go to the engine: whoever wants to know beforehand is being told. */
  readonly #beginning = new Set<EngineTask>();
  readonly #suspects: EngineTask[] = [];
  #process: EngineProcess | null = null;
  #ready = false;
  #failedStarts = 0;
  /** The task whose time is up, for which the engine is being killed. */
  #condemned: EngineTask | null = null;
  #recycling = false;
  #startedAt = 0;
  #closed = false;
  #ticker: NodeJS.Timeout | null = null;
  #lastTick = 0;
  #nextId = 1;
  /** Whose turn it is: the document after the one that last began a page. */
  #lastServed = 0;

  constructor(config: Config, { onEvent = () => {}, entry = engineEntry }: EngineOptions = {}) {
    this.#config = config;
    this.#settings = engineSettings(config);
    this.#onEvent = onEvent;
    this.#entry = entry;
  }

  get threads(): number {
    return this.#settings.threads;
  }

  /**
   * Opens a document: checks its size, and in the engine its format, its pages and its limits.
   *
   * @throws QuireError why the document is refused; whatever `begin` rejects with; the signal's reason
   */
  async openDocument(
    path: string,
    options: ReadOptions,
    { begin, strikes, signal }: OpenOptions = {},
  ): Promise<EngineDocument> {
    const sizeBytes = await sizeOf(path);
    checkFileSize(sizeBytes, this.#config.limits);
    const source: DocumentSource = { path, sizeBytes, options };
    const id = this.#nextId++;
    if (this.#closed) throw closedError();
    const opening = new OpeningTask(id, source, begin);
    if (strikes === undefined) this.#queued.push(opening);
    else this.#suspect(opening, strikes);
    this.schedule();
    const facts = await this.#unlessAborted(opening, signal);
    const document = new EngineDocument(id, source, facts, this);
    this.#documents.set(id, document);
    return document;
  }

  async #unlessAborted(opening: OpeningTask, signal: AbortSignal | undefined): Promise<DocumentFacts> {
    const abort = () => opening.abandon(signal?.reason);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    try {
      return await opening.facts;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  dropSuspects(document: EngineDocument): void {
    const isOf = (task: EngineTask) => task instanceof PageTask && task.isOf(document);
    const dropped = this.#suspects.filter(isOf) as PageTask[];
    this.#suspects.splice(0, this.#suspects.length, ...this.#suspects.filter((task) => !isOf(task)));
    for (const task of dropped) task.drop();
  }

  /** Replaces the engine process. What was under way is done again; nobody is suspected. */
  recycle(): void {
    if (!this.#process) return;
    this.#recycling = true;
    this.#process.kill();
  }

  suspect(document: EngineDocument, reading: PageReading, pageNumber: number, strikes: number): void {
    reading.takePage(pageNumber);
    this.#suspect(new PageTask(document, reading, pageNumber), strikes);
  }

  #suspect(task: EngineTask, strikes: number): void {
    task.suspect = true;
    task.strikes = strikes;
    this.#suspects.push(task);
  }

  closeDocument(document: EngineDocument): void {
    this.#documents.delete(document.id);
    this.#process?.send({ type: "close", document: document.id });
    this.schedule();
  }

  /** Ends the engine process. Readings under way end with `engine_unavailable`. */
  close(): void {
    this.#closed = true;
    this.#abandonAll(closedError());
    this.#stopTicking();
    const process = this.#process;
    this.#process = null;
    this.#ready = false;
    process?.kill();
  }

  /** Hands the engine as much as it may have: a suspect alone, else pages in turn over the documents. */
  schedule(): void {
    if (this.#closed || !this.#hasWork()) return;
    this.#run();
    if (!this.#ready) return;
    if ([...this.#underWay.values(), ...this.#beginning].some(({ suspect }) => suspect)) return;
    if (this.#suspects.length > 0) {
      if (this.#tasks > 0) return;
      const suspect = this.#suspects.shift() as EngineTask;
      if (suspect.wanted) this.#begin(suspect);
      else this.schedule();
      return;
    }
    for (const task of this.#queued.splice(0)) if (task.wanted) this.#begin(task);
    for (let document = this.#nextServed(); document; document = this.#nextServed()) {
      const reading = document.reading as PageReading;
      const pageNumber = reading.take() as number;
      this.#lastServed = document.id;
      this.#begin(new PageTask(document, reading, pageNumber));
    }
  }

  /** Tasks that the engine has, or is about to get. */
  get #tasks(): number {
    return this.#underWay.size + this.#beginning.size;
  }

  /** Hands a task to the engine, after telling whoever wants to know. */
  #begin(task: EngineTask): void {
    const told = task.begin?.({ alone: task.suspect });
    if (!told) {
      this.#send(task);
      return;
    }
    this.#beginning.add(task);
    told.then(
      () => {
        this.#beginning.delete(task);
        if (!this.#closed && task.wanted) {
          if (this.#ready) this.#send(task);
          // The engine died meanwhile: the task goes to the next one, and is told of anew.
          else (task.suspect ? this.#suspects : this.#queued).unshift(task);
        }
        this.schedule();
      },
      (error: Error) => {
        this.#beginning.delete(task);
        task.abandon(error);
        this.schedule();
      },
    );
  }

  /** The document whose turn it is to begin a page, if the engine may have another. */
  #nextServed(): EngineDocument | undefined {
    // One page recognised and one rendered ahead for each OCR thread.
    if (this.#tasks >= 2 * this.threads) return undefined;
    const ids = [...this.#documents.keys()];
    const after = ids.filter((id) => id > this.#lastServed);
    const inTurn = [...after, ...ids.filter((id) => id <= this.#lastServed)];
    return inTurn
      .map((id) => this.#documents.get(id) as EngineDocument)
      .find((document) => this.#mayBegin(document));
  }

  #mayBegin({ reading, facts }: EngineDocument): boolean {
    if (!reading?.hasWanted) return false;
    // In conservative mode a page is rendered only for a thread that is free.
    const underWay = facts.conservative ? this.threads : 2 * this.threads;
    // Results that wait to be taken in page order stay this close to the page they wait for.
    const open = 4 * this.threads;
    return reading.underWay < underWay && reading.open < open;
  }

  #hasWork(): boolean {
    if (this.#queued.length > 0 || this.#suspects.length > 0) return true;
    return [...this.#documents.values()].some((document) => document.reading?.hasWanted);
  }

  #send(task: EngineTask): void {
    task.stage = "sent";
    task.elapsedMs = 0;
    this.#underWay.set(task.key, task);
    this.#process?.send(task.request);
  }

  #run(): void {
    this.#startTicking();
    if (this.#process) return;
    this.#ready = false;
    this.#startedAt = performance.now();
    const started = new EngineProcess(
      this.#entry,
      this.#settings,
      (message) => started === this.#process && this.#onMessage(message),
      (death) => started === this.#process && this.#onDeath(death),
    );
    this.#process = started;
  }

  #onMessage(message: EngineMessage): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.#failedStarts = 0;
        this.#onEvent({ type: "started", pid: this.#process?.pid, threads: this.threads });
        break;
      case "opened":
        this.#opened(message.document, message.facts);
        break;
      case "refused":
        this.#take(OpeningTask, message.document)?.fail(message.error.code, message.error.message);
        break;
      case "page":
        this.#take(PageTask, message.document, message.result.pageNumber)?.finish(message.result);
        break;
      case "stage": {
        const task = this.#underWay.get(taskKey(message.document, message.pageNumber));
        if (task) task.stage = message.stage;
        return;
      }
      case "collected":
        this.#onEvent(message);
        return;
    }
    this.schedule();
  }

  #opened(document: number, facts: DocumentFacts): void {
    const opening = this.#take(OpeningTask, document);
    if (opening?.wanted) opening.finish(facts);
    else this.#process?.send({ type: "close", document });
  }

  /** Takes a task that has its answer from those under way; undefined if nobody asked. */
  #take<T extends EngineTask>(
    kind: new (...args: never[]) => T,
    document: number,
    pageNumber: number | null = null,
  ): T | undefined {
    const key = taskKey(document, pageNumber);
    const task = this.#underWay.get(key);
    this.#underWay.delete(key);
    return task instanceof kind ? task : undefined;
  }

  #onDeath(death: EngineDeath): void {
    const condemned = this.#condemned;
    const wasReady = this.#ready;
    const blameless = this.#recycling;
    this.#condemned = null;
    this.#recycling = false;
    this.#process = null;
    this.#ready = false;
    const tasks = [...this.#underWay.values()];
    this.#underWay.clear();
    const pagesUnderWay = tasks.filter((task) => task instanceof PageTask).length;
    const reason = condemned ? "page_timeout" : blameless ? "recycled" : death;
    this.#onEvent({ type: "died", death: reason, pagesUnderWay });

    if (blameless) {
      this.#queued.push(...tasks.filter(({ wanted }) => wanted));
      this.schedule();
      return;
    }
    if (!wasReady) {
      // It never had any of the work: nobody is a suspect.
      if (++this.#failedStarts < maxFailedStarts) this.schedule();
      else
        this.#abandonAll(
          new QuireError("engine_unavailable", "The engine cannot be started. Run: npm ci && npm run build"),
        );
      return;
    }
    const alone = tasks.length === 1;
    for (const task of tasks) if (task.wanted) this.#judge(task, death, condemned, alone);
    this.schedule();
  }

  #judge(task: EngineTask, death: EngineDeath, condemned: EngineTask | null, alone: boolean): void {
    if (task === condemned) {
      failLate(task, this.#config.pageTimeoutSeconds);
      return;
    }
    if (condemned) {
      // An engine killed for another's time died of nobody else.
      this.#queued.push(task);
      return;
    }
    if (alone) task.strikes += strikeOf[death];
    if (task.strikes >= strikesToFail) {
      failGuilty(task, death);
      return;
    }
    task.suspect = true;
    this.#suspects.push(task);
  }

  #abandonAll(error: QuireError): void {
    const tasks = [...this.#queued.splice(0), ...this.#suspects.splice(0), ...this.#underWay.values()];
    this.#underWay.clear();
    for (const task of [...tasks, ...this.#beginning]) if (task instanceof OpeningTask) task.abandon(error);
    for (const document of this.#documents.values()) document.reading?.fail(error);
  }

  #startTicking(): void {
    if (this.#ticker) return;
    this.#lastTick = performance.now();
    this.#ticker = setInterval(() => this.#tick(), tickMs);
  }

  #stopTicking(): void {
    if (this.#ticker) clearInterval(this.#ticker);
    this.#ticker = null;
  }

  #tick(): void {
    const now = performance.now();
    const elapsed = now - this.#lastTick;
    this.#lastTick = now;
    if (this.#tasks === 0 && !this.#hasWork()) {
      this.#stopTicking();
      return;
    }
    if (!this.#ready && now - this.#startedAt > startWithinMs) this.#process?.kill();
    const late = advance(this.#underWay.values(), elapsed, this.#config.pageTimeoutSeconds * 1000);
    if (late && this.#process) {
      this.#condemned = late;
      this.#process.kill();
    }
  }
}

function closedError(): QuireError {
  return new QuireError("engine_unavailable", "The engine has been closed.");
}
