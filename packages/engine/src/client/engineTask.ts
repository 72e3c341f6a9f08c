import { type DocumentFacts, type ErrorCode, failedPage, type PageResult, QuireError } from "@quire/core";
import type { DocumentSource, EngineRequest, PageCare, ReadPage } from "../protocol.ts";
import { pressuresToReduce } from "./blame.ts";
import type { EngineDocument } from "./engineDocument.ts";
import type { PageStage, Timed } from "./pageClock.ts";
import type { PageReading } from "./pageReading.ts";

/** What is told of a task right before the engine gets it: whether it is to have nothing else to do. */
export interface TaskStart {
  readonly alone: boolean;
}

/** What the engine can be asked to do, and die of: open a document, or read a page. */
export interface EngineTask extends Timed {
  /** Tells it from every other task under way. */
  readonly key: string;
  readonly request: EngineRequest;
  /** How often the memory was at its limit, or past it, while the engine had this. */
  pressures: number;
  /** How often an engine was killed for memory that others held, while it had this. */
  bystanding: number;
  /** It is to be done alone by an engine that has done nothing yet. */
  needsFreshEngine: boolean;
  /** Deaths of an engine that had nothing but this to do, by their weight. */
  strikes: number;
  /** Under way when an engine died: it is done again alone, before anything else. */
  suspect: boolean;
  /** False once nobody waits for it any more. */
  readonly wanted: boolean;
  /** Says that the engine is about to get it, each time. Rejects if it must not. */
  readonly begin: ((start: TaskStart) => Promise<void>) | undefined;
  /** It has its result but for what can be done without: that is it, then. @returns whether that is so */
  settle(): boolean;
  /** It is the task's own fault: that is its result. */
  fail(code: ErrorCode, message: string): void;
  /** It was never begun, or nobody can do it. */
  abandon(error: Error): void;
}

/** The key of a page's task; of the document's opening without one. */
export function taskKey(document: number, pageNumber: number | null): string {
  return pageNumber === null ? `${document}` : `${document}:${pageNumber}`;
}

export class OpeningTask implements EngineTask {
  readonly key: string;
  readonly request: EngineRequest;
  readonly #settled: PromiseWithResolvers<DocumentFacts> = Promise.withResolvers();
  stage: PageStage = "sent";
  elapsedMs = 0;
  strikes = 0;
  suspect = false;
  pressures = 0;
  bystanding = 0;
  needsFreshEngine = false;
  wanted = true;
  readonly begin: EngineTask["begin"];

  constructor(document: number, source: DocumentSource, begin: EngineTask["begin"]) {
    this.key = taskKey(document, null);
    this.request = { type: "open", document, source };
    this.begin = begin;
  }

  /** The document's facts. @throws QuireError why it is refused */
  get facts(): Promise<DocumentFacts> {
    return this.#settled.promise;
  }

  finish(facts: DocumentFacts): void {
    this.#settled.resolve(facts);
  }

  settle(): boolean {
    return false;
  }

  fail(code: ErrorCode, message: string): void {
    this.abandon(new QuireError(code, message));
  }

  abandon(error: Error): void {
    this.wanted = false;
    this.#settled.reject(error);
  }
}

export class PageTask implements EngineTask {
  readonly key: string;
  readonly #document: EngineDocument;
  readonly #reading: PageReading;
  readonly #pageNumber: number;
  /** The page, read, while its picture is being drawn. */
  #text: PageResult | null = null;
  stage: PageStage = "sent";
  elapsedMs = 0;
  strikes = 0;
  suspect = false;
  pressures = 0;
  bystanding = 0;
  needsFreshEngine = false;

  constructor(document: EngineDocument, reading: PageReading, pageNumber: number) {
    this.key = taskKey(document.id, pageNumber);
    this.#document = document;
    this.#reading = reading;
    this.#pageNumber = pageNumber;
  }

  get request(): EngineRequest {
    const { id, source } = this.#document;
    return { type: "read", document: id, source, pageNumber: this.#pageNumber, care: this.#care };
  }

  get #care(): PageCare {
    if (this.pressures >= pressuresToReduce) return "reduced";
    return this.suspect ? "alone" : "usual";
  }

  get wanted(): boolean {
    return this.#document.reading === this.#reading && !this.#document.isClosed;
  }

  /** The engine has died while it had this. */
  noteDeath(): void {
    if (this.stage === "choosing") this.#document.sampleEachPage();
  }

  isOf(document: EngineDocument): boolean {
    return this.#document === document;
  }

  drop(): void {
    this.#reading.drop();
  }

  get begin(): EngineTask["begin"] {
    const { begin } = this.#reading;
    return begin && ((start) => begin(this.#pageNumber, start));
  }

  noteText(page: PageResult): void {
    this.#text = page;
  }

  settle(): boolean {
    if (!this.#text) return false;
    this.finish({ page: { ...this.#text, durationMs: Math.round(this.elapsedMs) }, preview: null });
    return true;
  }

  finish(read: ReadPage): void {
    this.#reading.finish(read);
  }

  fail(code: ErrorCode, message: string): void {
    const page = failedPage(this.#pageNumber, { code, message }, Math.round(this.elapsedMs));
    this.finish({ page, preview: null });
  }

  abandon(error: Error): void {
    this.#reading.fail(error);
  }
}
