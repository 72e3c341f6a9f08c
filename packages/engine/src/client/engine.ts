import { resolve } from "node:path";
import { type Config, type DocumentFacts, QuireError } from "@quire/core";
import { freeBytes, MemoryGauge, type MemoryReading } from "@quire/memory";
import { DocumentLinks } from "../confinement/documentLinks.ts";
import { type Isolation, isolationOf } from "../confinement/isolation.ts";
import type {
  CollectReason,
  DocumentSource,
  EngineFigures,
  EngineMessage,
  ReadOptions,
} from "../protocol.ts";
import { judge, type Killing, type KillReason } from "./blame.ts";
import { checkFileSize, sizeOf } from "./checkFileSize.ts";
import { type DocumentHost, EngineDocument } from "./engineDocument.ts";
import type { EngineDeath } from "./engineProcess.ts";
import { EngineSession } from "./engineSession.ts";
import { engineBytes, engineCosts, engineSettings } from "./engineSettings.ts";
import { type EngineTask, OpeningTask, PageTask, type TaskStart, taskKey } from "./engineTask.ts";
import type { PageReading } from "./pageReading.ts";

/**
 * Why the engine is replaced between two pages: `no_room`: the next page does not fit beside what it has become;
 * `elevated`, `high`: the memory is at that level.
 */
export type RecycleReason = "max_pages" | "max_rss" | "no_room" | "elevated" | "high";

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
  /** A folder to be made for the links to the open documents; by default one in the temporary folder. */
  readonly linksFolder?: string;
  /** The module that the engine process runs: the engine, or in tests one that misbehaves. */
  readonly entry?: URL;
  /** Whether the process is confined to its code and the open documents; in tests, one that keeps a journal is not. */
  readonly confined?: boolean;
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
const retrySuccessorAfterMs = 30_000;
/** Pages may begin faster than reading the memory is worth; what they leave behind meanwhile is counted. */
const readingHoldsMs = 100;
/** Growth of less than this, over all pages under way, is noise. */
const leastGrowthBytes = 1_000_000;

/**
 * The client of the engine process: opens documents in it and shares its threads among their pages, in turn.
 *
 * States: no process → starting (until `ready`) → running → no process, when it dies or is killed; the next page
 * starts another. When an engine dies, everything under way is a suspect, not guilty: suspects are done again,
 * each alone, before anything else. An engine that is to be replaced goes on until its successor is warm, where the
 * memory has room for both; then it finishes the pages it has. Where there is no room it is drained: it finishes the
 * pages it has first, while its successor merely starts, if there is room for that. Held: no engine is started for
 * now. Closed is the end.
 */
export class Engine implements DocumentHost {
  readonly #config: Config;
  readonly #settings;
  readonly #gauge: MemoryGauge;
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #entry: URL;
  readonly #linksFolder: string | null;
  readonly #confined: boolean;
  /** What the kernel keeps from the process; unknown before its first start. */
  #isolationOnce: Isolation | null = null;
  /** What the process may read of the documents; null until the first, or if it is not confined. */
  #links: DocumentLinks | null = null;
  readonly #documents = new Map<number, EngineDocument>();
  /** What goes to the engine before another page is begun: openings, and what a killed engine left undone. */
  readonly #queued: EngineTask[] = [];
  /** About to go to the engine: whoever wants to know beforehand is being told. */
  readonly #beginning = new Set<EngineTask>();
  readonly #suspects: EngineTask[] = [];
  /** The engine that gets the work. */
  #current: EngineSession | null = null;
  /** Its successor, which is warming up. */
  #next: EngineSession | null = null;
  /** Its predecessor, which finishes the pages it has. */
  #last: EngineSession | null = null;
  /** Why the engine is being replaced. */
  #recycling: RecycleReason | null = null;
  /** It is to begin no other page. */
  #draining = false;
  #failedStarts = 0;
  /** A successor did not come: the engine that works is not risked for another so soon. */
  #noSuccessorUntil = 0;
  #reading: { readonly reading: MemoryReading; readonly at: number } | null = null;
  #held = false;
  #closed = false;
  #ticker: NodeJS.Timeout | null = null;
  #lastTick = 0;
  #nextId = 1;
  /** Whose turn it is: the document after the one that last began a page. */
  #lastServed = 0;

  constructor(config: Config, options: EngineOptions = {}) {
    const { onEvent = () => {}, entry = engineEntry, linksFolder = null } = options;
    this.#config = config;
    this.#settings = engineSettings(config);
    this.#gauge = new MemoryGauge(config.memoryLimitBytes);
    this.#onEvent = onEvent;
    this.#entry = entry;
    this.#linksFolder = linksFolder;
    this.#confined = options.confined ?? entry === engineEntry;
  }

  get threads(): number {
    return this.#settings.threads;
  }

  get state(): "off" | "starting" | "running" {
    if (!this.#current) return "off";
    return this.#current.ready ? "running" : "starting";
  }

  /** The engine process, and for a moment its successor or its predecessor. */
  get pids(): number[] {
    return this.#sessions.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** It died again and again before it was ready: the installation is at fault. */
  get cannotStart(): boolean {
    return this.#failedStarts >= maxFailedStarts && !this.#current?.ready;
  }

  /** What the kernel keeps from the engine process here. */
  get isolation(): Isolation {
    // Documents in a folder that we were told of are copies of our own.
    this.#isolationOnce ??= this.#confined ? isolationOf(this.#linksFolder !== null) : "none";
    return this.#isolationOnce;
  }

  /** What the engine process last said of its memory; null before its first page. */
  get figures(): EngineFigures | null {
    return this.#current?.figures ?? null;
  }

  /** Pages and openings that the engine process has or is about to get, and how many it may have. */
  get fill(): { readonly used: number; readonly limit: number } {
    return { used: this.#tasks, limit: this.#tasksAtMost };
  }

  /**
   * Opens a document: checks its size, and in the engine its format, its pages and its limits.
   *
   * @throws QuireError why the document is refused; `temp_dir_unavailable`; whatever `begin` rejects with; the
   *   signal's reason
   */
  async openDocument(path: string, options: ReadOptions, open: OpenOptions = {}): Promise<EngineDocument> {
    const sizeBytes = await sizeOf(path);
    checkFileSize(sizeBytes, this.#config.limits);
    const id = this.#nextId++;
    const source: DocumentSource = {
      path: await this.#link(id, path),
      sizeBytes,
      options,
      sampling: "document",
    };
    try {
      return await this.#open(id, source, open);
    } catch (error) {
      this.#links?.remove(id);
      throw error;
    }
  }

  /** @returns the path under which the process may read the document */
  async #link(id: number, path: string): Promise<string> {
    if (!this.#confined || this.#closed) return resolve(path);
    this.#links ??= DocumentLinks.create(this.#linksFolder, this.#config.tempDir);
    return this.#links.add(id, path);
  }

  async #open(
    id: number,
    source: DocumentSource,
    { begin, strikes, signal }: OpenOptions,
  ): Promise<EngineDocument> {
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

  /** Replaces the engine process between two pages: nothing is read twice. */
  recycle(reason: RecycleReason): void {
    if (!this.#current?.isAvailable || this.#last) return;
    const urgent = reason === "high" || reason === "no_room" || !this.#hasWork();
    if (this.#recycling && (this.#draining || !urgent)) return;
    if (!urgent && performance.now() < this.#noSuccessorUntil) return;
    this.#recycling = reason;
    this.#next?.dismiss();
    this.#next = null;
    this.#draining = urgent || !this.#hasRoomFor(engineBytes(this.threads));
    if (this.#draining) this.#startSuccessorMeanwhile();
    else this.#next = this.#start();
    this.#replaceWhenIdle();
  }

  /** While the engine finishes its pages, its successor may start, if there is work and room for it. */
  #startSuccessorMeanwhile(): void {
    if (this.#next || this.#held || !this.#hasWork() || performance.now() < this.#noSuccessorUntil) return;
    if (this.#hasRoomFor(engineCosts.idle)) this.#next = this.#start();
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
    this.#current?.send({ type: "collect" });
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
    this.#links?.remove(document.id);
    for (const session of this.#sessions) session.send({ type: "close", document: document.id });
    this.schedule();
  }

  /** Ends the engine process. Readings under way end with `engine_unavailable`. */
  close(): void {
    this.#closed = true;
    this.#abandonAll(closedError());
    this.#stopTicking();
    for (const session of this.#sessions) session.dismiss();
    this.#current = this.#next = this.#last = null;
    this.#draining = false;
    this.#links?.close();
  }

  /** Hands the engine as much as it may have: a suspect alone, else pages in turn over the documents. */
  schedule(): void {
    if (this.#closed) return;
    if (this.#draining) {
      this.#startSuccessorMeanwhile();
      this.#replaceWhenIdle();
      return;
    }
    if (this.#held || !this.#hasWork()) return;
    this.#startTicking();
    this.#current ??= this.#start();
    const current = this.#current;
    if (!current.isAvailable) return;
    if (this.#tasksNow.some(({ suspect, wanted }) => suspect && wanted)) return;
    if (this.#suspects.length > 0) {
      if (this.#tasks === 0) this.#beginSuspect(current);
      // What nobody waits for any more must not keep them waiting.
      else if (!this.#tasksNow.some(({ wanted }) => wanted)) this.recycle("no_room");
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

  #beginSuspect(current: EngineSession): void {
    if (this.#suspects[0]?.needsFreshEngine && current.pagesRead > 0) {
      this.recycle("no_room");
      return;
    }
    const suspect = this.#suspects.shift() as EngineTask;
    if (suspect.wanted) this.#begin(suspect);
    else this.schedule();
  }

  get #sessions(): EngineSession[] {
    return [this.#current, this.#next, this.#last].filter((session) => session !== null);
  }

  get #tasksNow(): EngineTask[] {
    return [...this.#sessions.flatMap(({ underWay }) => [...underWay.values()]), ...this.#beginning];
  }

  /** Tasks that the engine has, or is about to get. */
  get #tasks(): number {
    return this.#sessions.reduce((sum, { underWay }) => sum + underWay.size, this.#beginning.size);
  }

  /** One page recognised and one rendered ahead for each OCR thread. */
  get #tasksAtMost(): number {
    return 2 * this.threads;
  }

  /** Hands a task to the engine, after telling whoever wants to know. */
  #begin(task: EngineTask): void {
    const told = task.begin?.({ alone: task.suspect });
    if (!told) {
      this.#current?.begin(task);
      return;
    }
    this.#beginning.add(task);
    told.then(
      () => {
        this.#beginning.delete(task);
        if (!this.#closed && task.wanted) {
          if (this.#current?.isAvailable) this.#current.begin(task);
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
    const next = inTurn
      .map((id) => this.#documents.get(id) as EngineDocument)
      .find((document) => this.#mayBegin(document));
    return next && this.#growthFits() ? next : undefined;
  }

  #mayBegin({ reading, facts }: EngineDocument): boolean {
    if (!reading?.hasWanted) return false;
    // In conservative mode a page is rendered only for a thread that is free.
    const underWay = facts.conservative ? this.threads : 2 * this.threads;
    // Results that wait to be taken in page order stay this close to the page they wait for.
    const open = 4 * this.threads;
    return reading.underWay < underWay && reading.open < open;
  }

  /**
   * Whether what each page has lately left behind in the engine fits once more, for those under way too. Otherwise they
   * are waited for; and if it will hardly fit even then, the engine is replaced.
   */
  #growthFits(): boolean {
    const growthBytes = this.#current?.growth.bytesPerPage ?? 0;
    if (growthBytes * this.#tasksAtMost < leastGrowthBytes) return true;
    if (this.#hasRoomFor(growthBytes * (this.#tasks + 1))) return true;
    if (!this.#hasRoomFor(growthBytes + engineCosts.idle)) this.recycle("no_room");
    return false;
  }

  /** Below the watermark at which the engine would be replaced. */
  #hasRoomFor(bytes: number): boolean {
    const now = performance.now();
    if (!this.#reading || now - this.#reading.at > readingHoldsMs)
      this.#reading = { reading: this.#gauge.read(), at: now };
    return bytes <= freeBytes(this.#reading.reading);
  }

  #hasWork(): boolean {
    if (this.#queued.length > 0 || this.#suspects.length > 0) return true;
    return [...this.#documents.values()].some((document) => document.reading?.hasWanted);
  }

  #start(): EngineSession {
    return new EngineSession({
      entry: this.#entry,
      documentsFolder: this.#links?.folder ?? null,
      isolation: this.isolation,
      settings: this.#settings,
      onMessage: (message, session) => this.#onMessage(message, session),
      onDeath: (death, session) => this.#onDeath(death, session),
    });
  }

  /** The successor is as far as it gets without work: it gets the next page, and the engine before finishes its own. */
  #takeOver(next: EngineSession): void {
    this.#last = this.#current;
    this.#current = next;
    this.#next = null;
    this.#replaceWhenIdle();
    this.schedule();
  }

  /** What is to be replaced goes when nobody waits for anything that it has. */
  #replaceWhenIdle(): void {
    const old = this.#last ?? this.#current;
    if (!this.#recycling || !old || old.isWanted) return;
    if (old === this.#current) {
      if (!this.#draining || this.#beginning.size > 0) return;
      this.#current = this.#next;
      this.#next = null;
    }
    this.#last = null;
    const reason = this.#recycling;
    this.#recycling = null;
    this.#draining = false;
    old.dismiss();
    this.#onEvent({ type: "recycled", reason, pagesRead: old.pagesRead });
    this.schedule();
  }

  #onMessage(message: EngineMessage, session: EngineSession): void {
    switch (message.type) {
      case "ready":
        session.ready = true;
        this.#failedStarts = 0;
        this.#onEvent({ type: "started", pid: session.pid, threads: this.threads });
        if (session === this.#next && !this.#draining) this.#warm(session);
        break;
      case "warmed":
        if (session === this.#next) this.#takeOver(session);
        return;
      case "opened":
        this.#opened(message.document, message.facts, session);
        break;
      case "refused":
        session.take(OpeningTask, message.document)?.fail(message.error.code, message.error.message);
        break;
      case "page":
        session
          .take(PageTask, message.document, message.result.pageNumber)
          ?.finish({ page: message.result, preview: message.preview });
        session.pagesRead++;
        this.#considerAge(session);
        break;
      case "text": {
        const task = session.underWay.get(taskKey(message.document, message.result.pageNumber));
        if (task instanceof PageTask) task.noteText(message.result);
        return;
      }
      case "unfit":
        this.#setAside(session.take(PageTask, message.document, message.pageNumber));
        break;
      case "figures":
        session.noteFigures(message.figures);
        if (message.figures.rss > (this.#config.engineMaxRssBytes ?? Number.POSITIVE_INFINITY))
          this.#recycleIf(session, "max_rss");
        return;
      case "memory": {
        const { usedBytes, limitBytes } = this.#gauge.read();
        session.send({ type: "memory", usedBytes, limitBytes });
        return;
      }
      case "stage": {
        const task = session.underWay.get(taskKey(message.document, message.pageNumber));
        if (task) task.stage = message.stage;
        return;
      }
      case "languages":
        this.#settleLanguages(message.document, message.languages, session);
        return;
      case "collected":
        this.#onEvent(message);
        return;
    }
    if (this.#last) this.#replaceWhenIdle();
    this.schedule();
  }

  /** From now on pages of the document are at their own work: their time begins. */
  #settleLanguages(id: number, languages: readonly string[], session: EngineSession): void {
    const document = this.#documents.get(id);
    if (!document?.settleLanguages(languages)) return;
    for (const task of session.underWay.values())
      if (task instanceof PageTask && task.isOf(document)) task.elapsedMs = 0;
  }

  /** Its threads start with the model of a document that is being read. */
  #warm(session: EngineSession): void {
    const reading = [...this.#documents.values()].find((document) => document.reading?.hasWanted);
    if (!reading || reading.source.options.textLayer === "only") this.#takeOver(session);
    else session.send({ type: "warm", document: reading.id, source: reading.source });
  }

  #considerAge(session: EngineSession): void {
    const { engineMaxPages } = this.#config;
    if (engineMaxPages > 0 && session.pagesRead >= engineMaxPages) this.#recycleIf(session, "max_pages");
  }

  #recycleIf(session: EngineSession, reason: RecycleReason): void {
    if (session === this.#current) this.recycle(reason);
  }

  #opened(document: number, facts: DocumentFacts, session: EngineSession): void {
    const opening = session.take(OpeningTask, document);
    if (opening?.wanted) opening.finish(facts);
    else session.send({ type: "close", document });
  }

  /** It does not fit beside others: its turn is when there are none. */
  #setAside(task: PageTask | undefined): void {
    if (!task?.wanted) return;
    task.needsFreshEngine = true;
    this.#suspect(task, task.strikes);
  }

  #kill(killing: Killing): void {
    this.#next?.dismiss();
    this.#next = null;
    for (const session of this.#sessions) session.kill(killing);
  }

  #onDeath(death: EngineDeath, session: EngineSession): void {
    const alone = this.#tasks === 1;
    const { killing } = session;
    const wasNext = session === this.#next;
    this.#forget(session);
    const tasks = [...session.underWay.values()];
    session.underWay.clear();
    const pagesUnderWay = tasks.filter((task) => task instanceof PageTask).length;
    this.#onEvent({ type: "died", death: killing?.reason ?? death, pagesUnderWay });
    // One that never was ready never had any of the work.
    if (wasNext) this.#noSuccessorUntil = performance.now() + retrySuccessorAfterMs;
    else if (!session.ready && !killing) this.#noteFailedStart();
    const { pageTimeoutSeconds } = this.#config;
    for (const task of tasks) {
      if (!task.wanted) continue;
      if (task instanceof PageTask) task.noteDeath();
      const verdict = judge(task, { death, killing, alone, pageTimeoutSeconds });
      if (verdict === "again") this.#queued.push(task);
      if (verdict === "suspect") this.#suspect(task, task.strikes);
    }
    this.schedule();
  }

  #forget(session: EngineSession): void {
    if (session === this.#next) {
      this.#next = null;
      // A drain goes on without it.
      if (!this.#draining) this.#recycling = null;
      return;
    }
    if (session === this.#last) this.#last = null;
    else {
      this.#current = this.#next;
      this.#next = null;
    }
    this.#recycling = null;
    this.#draining = false;
  }

  #noteFailedStart(): void {
    this.#failedStarts++;
    // It may be what keeps it from starting here. No document is opened before it has started.
    this.#isolationOnce = "none";
    if (!this.cannotStart) return;
    this.#onEvent({ type: "unavailable" });
    this.#abandonAll(
      new QuireError("engine_unavailable", "The engine cannot be started. Run: npm ci && npm run build"),
    );
  }

  #abandonAll(error: QuireError): void {
    const underWay = this.#sessions.flatMap((session) => [...session.underWay.values()]);
    const tasks = [...this.#queued.splice(0), ...this.#suspects.splice(0), ...underWay];
    for (const session of this.#sessions) session.underWay.clear();
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
    if (this.#tasks === 0 && !this.#next && !this.#hasWork()) {
      this.#stopTicking();
      return;
    }
    if (this.#next && this.#next.ageMs > startWithinMs) this.#giveUpSuccessor();
    if (this.#current && !this.#current.ready && this.#current.ageMs > startWithinMs)
      this.#current.killHung();
    for (const session of this.#sessions) {
      const late = session.advance(elapsed, this.#config.pageTimeoutSeconds * 1000);
      if (late) session.kill({ reason: "page_timeout", task: late });
    }
  }

  /** It takes too long to start or to warm up: the engine that there is goes on. */
  #giveUpSuccessor(): void {
    this.#next?.dismiss();
    this.#next = null;
    if (!this.#draining) this.#recycling = null;
    this.#noSuccessorUntil = performance.now() + retrySuccessorAfterMs;
    this.schedule();
  }
}

function closedError(): QuireError {
  return new QuireError("engine_unavailable", "The engine has been closed.");
}
