import { type Config, type DocumentFacts, QuireError } from "@quire/core";
import type { MemoryReading } from "@quire/memory";
import type {
  CollectReason,
  DocumentSource,
  EngineFigures,
  EngineMessage,
  ReadOptions,
} from "../protocol.ts";
import { failGuilty, failLate, failTooLarge, pressuresToFail, strikeOf, strikesToFail } from "./blame.ts";
import { checkFileSize, sizeOf } from "./checkFileSize.ts";
import { type DocumentHost, EngineDocument } from "./engineDocument.ts";
import { type EngineDeath, EngineProcess } from "./engineProcess.ts";
import { engineSettings } from "./engineSettings.ts";
import { type EngineTask, OpeningTask, PageTask, type TaskStart, taskKey } from "./engineTask.ts";
import { advance } from "./pageClock.ts";
import type { PageReading } from "./pageReading.ts";

/**
 * Why the engine is replaced between two pages: `no_room`: for a page that does not fit beside what it has become;
 * `elevated`, `high`: the memory is at that level.
 */
export type RecycleReason = "max_pages" | "max_rss" | "no_room" | "elevated" | "high";

/** Why it is killed at once: a page is past its time, nothing moves, or the memory is all but full. */
export type KillReason = "page_timeout" | "no_progress" | "critical";

/** What the engine tells whoever keeps a log. */
export type EngineEvent =
  | { readonly type: "started"; readonly pid: number | undefined; readonly threads: number }
  | { readonly type: "recycled"; readonly reason: RecycleReason; readonly pagesRead: number }
  | { readonly type: "died"; readonly death: EngineDeath | KillReason; readonly pagesUnderWay: number }
  /** It died again and again before it was ready. */
  | { readonly type: "unavailable" }
  | {
      readonly type: "collected";
      readonly why: CollectReason;
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
 * starts another. Retiring: the pages under way finish, no other begins, then it is replaced. When an engine dies,
 * everything under way is a suspect, not guilty: suspects are done again, each alone, before anything else. Held: no
 * engine is started for now. Closed is the end.
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
  /** Why the engine is being killed, by us. */
  #killing: Killing | null = null;
  #retiring: RecycleReason | null = null;
  #held = false;
  /** Pages that this process has read. */
  #pagesRead = 0;
  #figures: EngineFigures | null = null;
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

  get state(): "off" | "starting" | "running" {
    if (!this.#process) return "off";
    return this.#ready ? "running" : "starting";
  }

  /** Null while there is no engine process. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** It died again and again before it was ready: the installation is at fault. */
  get cannotStart(): boolean {
    return this.#failedStarts >= maxFailedStarts;
  }

  /** What the engine process last said of its memory; null before its first page. */
  get figures(): EngineFigures | null {
    return this.#figures;
  }

  /** Pages and openings that the engine process has or is about to get, and how many it may have. */
  get fill(): { readonly used: number; readonly limit: number } {
    return { used: this.#tasks, limit: this.#tasksAtMost };
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

  /** Replaces the engine process between two pages: those under way finish, and no other begins before. */
  recycle(reason: RecycleReason): void {
    if (!this.#ready || this.#retiring) return;
    this.#retiring = reason;
    this.#replaceWhenIdle();
  }

  /**
   * Kills the engine process now, for it does not move. What was under way is done again; nobody is suspected.
   */
  killStuck(): void {
    this.#kill({ reason: "no_progress" });
  }

  /**
   * Kills the engine process now, for the memory is all but full, and starts no other before {@link release}. What was
   * under way is done again, alone, if the engine is what fills it.
   *
   * @param isItsDoing whether the engine holds most of what is used
   */
  killForMemory(reading: MemoryReading, isItsDoing: boolean): void {
    this.#held = true;
    this.#kill({ reason: "critical", reading, isItsDoing });
  }

  /** An engine may be started again. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.schedule();
  }

  /** Has the engine process collect garbage. */
  collect(): void {
    this.#process?.send({ type: "collect" });
  }

  #kill(killing: Killing): void {
    if (!this.#process) return;
    this.#killing = killing;
    this.#process.kill();
  }

  /** The old process goes at once: it holds nothing that anybody waits for. */
  #replaceWhenIdle(): void {
    if (!this.#retiring || this.#tasks > 0) return;
    const reason = this.#retiring;
    const pagesRead = this.#pagesRead;
    const old = this.#process;
    this.#forget();
    old?.kill();
    this.#onEvent({ type: "recycled", reason, pagesRead });
    this.schedule();
  }

  /** There is no engine process any more. */
  #forget(): void {
    this.#process = null;
    this.#ready = false;
    this.#retiring = null;
    this.#killing = null;
    this.#figures = null;
    this.#pagesRead = 0;
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
    this.#forget();
    process?.kill();
  }

  /** Hands the engine as much as it may have: a suspect alone, else pages in turn over the documents. */
  schedule(): void {
    if (this.#retiring) {
      this.#replaceWhenIdle();
      return;
    }
    if (this.#closed || this.#held || !this.#hasWork()) return;
    this.#run();
    if (!this.#ready) return;
    if ([...this.#underWay.values(), ...this.#beginning].some(({ suspect }) => suspect)) return;
    if (this.#suspects.length > 0) {
      if (this.#tasks > 0) return;
      if (this.#suspects[0]?.needsFreshEngine && this.#pagesRead > 0) {
        this.recycle("no_room");
        return;
      }
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

  /** One page recognised and one rendered ahead for each OCR thread. */
  get #tasksAtMost(): number {
    return 2 * this.threads;
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
          if (this.#ready && !this.#killing) this.#send(task);
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
    if (this.#tasks >= this.#tasksAtMost) return undefined;
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
        this.#pagesRead++;
        if (this.#pagesRead === this.#config.engineMaxPages) this.recycle("max_pages");
        break;
      case "unfit":
        this.#setAside(this.#take(PageTask, message.document, message.pageNumber));
        break;
      case "figures":
        this.#figures = message.figures;
        if (message.figures.rss > (this.#config.engineMaxRssBytes ?? Number.POSITIVE_INFINITY))
          this.recycle("max_rss");
        return;
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

  /** It does not fit beside others: its turn is when there are none. */
  #setAside(task: PageTask | undefined): void {
    if (!task?.wanted) return;
    task.needsFreshEngine = true;
    this.#suspect(task, task.strikes);
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
    const killing = this.#killing;
    const wasReady = this.#ready;
    this.#forget();
    const tasks = [...this.#underWay.values()];
    this.#underWay.clear();
    const pagesUnderWay = tasks.filter((task) => task instanceof PageTask).length;
    this.#onEvent({ type: "died", death: killing?.reason ?? death, pagesUnderWay });

    // One that never was ready never had any of the work.
    if (!wasReady && !killing) this.#noteFailedStart();
    const alone = tasks.length === 1;
    for (const task of tasks) if (task.wanted) this.#judge(task, death, killing, alone);
    this.schedule();
  }

  #noteFailedStart(): void {
    this.#failedStarts++;
    if (!this.cannotStart) return;
    this.#onEvent({ type: "unavailable" });
    this.#abandonAll(
      new QuireError("engine_unavailable", "The engine cannot be started. Run: npm ci && npm run build"),
    );
  }

  #judge(task: EngineTask, death: EngineDeath, killing: Killing | null, alone: boolean): void {
    if (killing?.reason === "page_timeout" && killing.task === task) {
      failLate(task, this.#config.pageTimeoutSeconds);
      return;
    }
    const isForMemory = killing ? killing.reason === "critical" && killing.isItsDoing : false;
    if (killing && !isForMemory) {
      // An engine killed for another's sake died of nobody else.
      (task.suspect ? this.#suspects : this.#queued).push(task);
      return;
    }
    if (isForMemory || death === "engine_out_of_memory") {
      task.needsFreshEngine = true;
      if (++task.pressures >= pressuresToFail) {
        failTooLarge(task, killing?.reason === "critical" ? killing.reading : null);
        return;
      }
    } else if (alone) {
      task.strikes += strikeOf[death];
      if (task.strikes >= strikesToFail) {
        failGuilty(task);
        return;
      }
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
    if (late) this.#kill({ reason: "page_timeout", task: late });
  }
}

type Killing =
  | { readonly reason: "page_timeout"; readonly task: EngineTask }
  | { readonly reason: "no_progress" }
  | { readonly reason: "critical"; readonly reading: MemoryReading; readonly isItsDoing: boolean };

function closedError(): QuireError {
  return new QuireError("engine_unavailable", "The engine has been closed.");
}
