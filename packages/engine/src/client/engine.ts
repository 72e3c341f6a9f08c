import { stat } from "node:fs/promises";
import { type Config, type DocumentFacts, failedPage, QuireError } from "@quire/core";
import type { DocumentSource, EngineMessage, ReadOptions } from "../protocol.ts";
import { checkFileSize } from "./checkFileSize.ts";
import { type DocumentHost, EngineDocument } from "./engineDocument.ts";
import { type EngineDeath, EngineProcess } from "./engineProcess.ts";
import { engineSettings } from "./engineSettings.ts";
import { advance, type Timed } from "./pageClock.ts";
import type { PageReading } from "./pageReading.ts";

/** What the engine tells whoever keeps a log. */
export type EngineEvent =
  | { readonly type: "started"; readonly pid: number | undefined; readonly threads: number }
  | { readonly type: "died"; readonly death: EngineDeath | "page_timeout"; readonly pagesUnderWay: number }
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

const engineEntry = new URL("../child/main.js", import.meta.url);

interface PageUnderWay extends Timed {
  readonly document: EngineDocument;
  readonly reading: PageReading;
  readonly pageNumber: number;
  /** Deaths of an engine that had nothing but this page to do. */
  readonly strikes: number;
}

interface Opening extends Timed {
  readonly source: DocumentSource;
  readonly strikes: number;
  readonly resolve: (facts: DocumentFacts) => void;
  readonly reject: (error: QuireError) => void;
}

/** A page that kills the engine alone, twice, is guilty. */
const strikesToFail = 2;
/** Engines in a row that died before they were ready: then it is not the document's fault. */
const maxFailedStarts = 3;
const tickMs = 250;

/**
 * The client of the engine process: opens documents in it and shares its threads among their pages, in turn.
 *
 * States: no process → starting (until `ready`) → running → no process, when it dies or is killed; the next page
 * starts another. When an engine dies, every page under way is a suspect, not guilty: suspects are read again,
 * each alone, before anything else.
 */
export class Engine implements DocumentHost {
  readonly #config: Config;
  readonly #settings;
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #entry: URL;
  readonly #documents = new Map<number, EngineDocument>();
  readonly #openings = new Map<number, Opening>();
  readonly #underWay = new Map<string, PageUnderWay>();
  readonly #suspects: PageUnderWay[] = [];
  #process: EngineProcess | null = null;
  #ready = false;
  #failedStarts = 0;
  #condemned: Timed | null = null;
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
   * @throws QuireError why the document is refused
   */
  async openDocument(path: string, options: ReadOptions): Promise<EngineDocument> {
    const sizeBytes = await sizeOf(path);
    checkFileSize(sizeBytes, this.#config.limits);
    const source: DocumentSource = { path, sizeBytes, options };
    const id = this.#nextId++;
    const facts = await new Promise<DocumentFacts>((resolve, reject) => {
      this.#openings.set(id, { source, strikes: 0, stage: "rendering", elapsedMs: 0, resolve, reject });
      this.#run();
      if (this.#ready) this.#process?.send({ type: "open", document: id, source });
    });
    const document = new EngineDocument(id, source, facts, this);
    this.#documents.set(id, document);
    return document;
  }

  closeDocument(document: EngineDocument): void {
    this.#documents.delete(document.id);
    this.#process?.send({ type: "close", document: document.id });
    this.schedule();
  }

  /** Ends the engine process. Readings under way end with `engine_unavailable`. */
  close(): void {
    const closed = new QuireError("engine_unavailable", "The engine has been closed.");
    this.#abandonAll(closed);
    this.#stopTicking();
    const process = this.#process;
    this.#process = null;
    this.#ready = false;
    process?.kill();
  }

  /** Hands the engine as many pages as it may have, in turn over the open documents. */
  schedule(): void {
    if (!this.#hasWork()) return;
    this.#run();
    if (!this.#ready) return;
    if (this.#suspects.length > 0) {
      if (this.#underWay.size > 0) return;
      const suspect = this.#suspects.shift() as PageUnderWay;
      if (suspect.document.reading === suspect.reading) this.#send(suspect);
      else this.schedule();
      return;
    }
    for (let document = this.#nextServed(); document; document = this.#nextServed()) {
      const reading = document.reading as PageReading;
      const pageNumber = reading.begin() as number;
      this.#lastServed = document.id;
      this.#send({ document, reading, pageNumber, strikes: 0, stage: "sent", elapsedMs: 0 });
    }
  }

  /** The document whose turn it is to begin a page, if the engine may have another. */
  #nextServed(): EngineDocument | undefined {
    // One page recognised and one rendered ahead for each OCR thread.
    if (this.#underWay.size >= 2 * this.threads) return undefined;
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
    if (this.#openings.size > 0 || this.#suspects.length > 0) return true;
    return [...this.#documents.values()].some((document) => document.reading?.hasWanted);
  }

  #send(page: PageUnderWay): void {
    const { document, pageNumber } = page;
    this.#underWay.set(keyOf(document.id, pageNumber), { ...page, stage: "sent", elapsedMs: 0 });
    this.#process?.send({ type: "read", document: document.id, source: document.source, pageNumber });
  }

  #run(): void {
    this.#startTicking();
    if (this.#process) return;
    this.#ready = false;
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
        for (const [id, { source }] of this.#openings)
          this.#process?.send({ type: "open", document: id, source });
        this.schedule();
        return;
      case "opened":
        this.#settleOpening(message.document)?.resolve(message.facts);
        return;
      case "refused":
        this.#settleOpening(message.document)?.reject(
          new QuireError(message.error.code, message.error.message),
        );
        return;
      case "stage": {
        const page = this.#underWay.get(keyOf(message.document, message.pageNumber));
        if (page) page.stage = message.stage;
        return;
      }
      case "page": {
        const key = keyOf(message.document, message.result.pageNumber);
        const page = this.#underWay.get(key);
        this.#underWay.delete(key);
        page?.reading.finish(message.result);
        this.schedule();
        return;
      }
      case "collected":
        this.#onEvent(message);
    }
  }

  #settleOpening(id: number): Opening | undefined {
    const opening = this.#openings.get(id);
    this.#openings.delete(id);
    return opening;
  }

  #onDeath(death: EngineDeath): void {
    const condemned = this.#condemned;
    const wasReady = this.#ready;
    this.#condemned = null;
    this.#process = null;
    this.#ready = false;
    const pages = [...this.#underWay.values()];
    this.#underWay.clear();
    this.#onEvent({ type: "died", death: condemned ? "page_timeout" : death, pagesUnderWay: pages.length });

    if (!wasReady) {
      // It never had any of the work: nobody is a suspect.
      if (++this.#failedStarts < maxFailedStarts) this.schedule();
      else
        this.#abandonAll(
          new QuireError("engine_unavailable", "The engine cannot be started. Run: npm ci && npm run build"),
        );
      return;
    }
    const alone = pages.length + this.#openings.size === 1;
    for (const page of pages) this.#judgePage(page, death, condemned, alone);
    for (const [id, opening] of this.#openings) this.#judgeOpening(id, opening, death, condemned, alone);
    this.schedule();
  }

  #judgePage(page: PageUnderWay, death: EngineDeath, condemned: Timed | null, alone: boolean): void {
    const { reading, pageNumber, document } = page;
    if (document.reading !== reading) return;
    if (page === condemned) {
      const seconds = this.#config.pageTimeoutSeconds;
      const message = `This page took more than ${seconds} seconds. Scan it again at 300 dpi or less, or raise PAGE_TIMEOUT_SECONDS.`;
      reading.finish(failedPage(pageNumber, { code: "page_timeout", message }, Math.round(page.elapsedMs)));
    } else if (condemned) {
      reading.giveBack(pageNumber);
    } else if (alone && page.strikes + 1 >= strikesToFail) {
      reading.finish(failedPage(pageNumber, { code: death, message: deathMessages[death] }));
    } else {
      this.#suspects.push({ ...page, strikes: page.strikes + (alone ? 1 : 0) });
    }
  }

  #judgeOpening(
    id: number,
    opening: Opening,
    death: EngineDeath,
    condemned: Timed | null,
    alone: boolean,
  ): void {
    if (opening === condemned) {
      this.#settleOpening(id)?.reject(
        new QuireError(
          "page_timeout",
          `Opening the document took more than ${this.#config.pageTimeoutSeconds} seconds. Export or scan it again.`,
        ),
      );
    } else if (!condemned && alone && opening.strikes + 1 >= strikesToFail) {
      this.#settleOpening(id)?.reject(new QuireError(death, deathMessages[death]));
    } else {
      this.#openings.set(id, { ...opening, strikes: opening.strikes + (alone ? 1 : 0), elapsedMs: 0 });
    }
  }

  #abandonAll(error: QuireError): void {
    for (const id of [...this.#openings.keys()]) this.#settleOpening(id)?.reject(error);
    for (const document of this.#documents.values()) document.reading?.fail(error);
    this.#suspects.length = 0;
    this.#underWay.clear();
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
    const work: Timed[] = [...this.#openings.values(), ...this.#underWay.values()];
    if (work.length === 0 && !this.#hasWork()) {
      this.#stopTicking();
      return;
    }
    const late = advance(work, elapsed, this.#config.pageTimeoutSeconds * 1000);
    if (late && this.#process) {
      this.#condemned = late;
      this.#process.kill();
    }
  }
}

const deathMessages: Record<EngineDeath, string> = {
  engine_crashed: "Reading this page crashed the engine, twice. Export or scan it again.",
  engine_out_of_memory:
    "Reading this page needs more memory than there is. Scan it again at 300 dpi or less.",
};

function keyOf(document: number, pageNumber: number): string {
  return `${document}:${pageNumber}`;
}

async function sizeOf(path: string): Promise<number> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new Error("not a file");
    return facts.size;
  } catch (cause) {
    throw new QuireError("file_unreadable", "The file does not exist or cannot be read.", { cause });
  }
}
