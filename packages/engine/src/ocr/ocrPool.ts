import { Worker } from "node:worker_threads";
import { QuireError } from "@quire/core";
import { nextReply } from "./nextReply.ts";
import type { OcrReading, OcrReply, OcrRequest, OcrThreadData } from "./ocrMessages.ts";

/** What runs in an OCR thread. */
export const ocrThreadScript = new URL("./ocrThread.js", import.meta.url);

export interface OcrPoolSettings extends OcrThreadData {
  readonly threads: number;
  readonly threadMaxPages: number;
  /** Bound of Tesseract's WebAssembly memory in a thread. */
  readonly threadMaxBytes: number;
  /** Called when a thread has started: why it reads with Tesseract alone though it was given PP-OCR's models, or null. */
  readonly onStarted?: (unavailable: string | null) => void;
}

interface OcrThread {
  readonly worker: Worker;
  pages: number;
  tesseractBytes: number;
  document: number | null;
}

/** After so many pages without need of Tesseract, which holds 100 MB, a thread that has loaded it is replaced. */
const maxTesseractIdlePages = 8;

/**
 * The OCR threads. They start when the first page needs them, so that a document with a text layer never pays for them.
 * A thread is replaced after a number of pages, when Tesseract has grown past its bound in it or is not needed any more
 * (WebAssembly's memory never shrinks), and whenever a page made it fail.
 */
export class OcrPool {
  readonly #settings: OcrPoolSettings;
  readonly #idle: OcrThread[] = [];
  readonly #busy = new Set<OcrThread>();
  /** Jobs without a thread. The client has one page more than threads under way, which bounds this. */
  readonly #waiting: ((thread: OcrThread | Promise<OcrThread>) => void)[] = [];
  readonly #underWay = new Set<Promise<OcrReading>>();
  /** A thread started ahead that no page has taken yet. */
  #warming: Promise<OcrThread> | undefined;
  #threads = 0;
  #threadsStarted = 0;

  constructor(settings: OcrPoolSettings) {
    this.#settings = settings;
  }

  /** Threads started so far, replacements included. */
  get threadsStarted(): number {
    return this.#threadsStarted;
  }

  /**
   * Starts the first thread and loads its models beside the rendering of the first page: resolves as soon as the thread
   * is under way, for rendering keeps this one busy.
   */
  warm(): Promise<void> {
    if (this.#threads > 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#warming = this.#start(resolve);
    // The page that takes the thread reports what went wrong.
    this.#warming.catch(() => resolve());
    return promise;
  }

  /** Starts all threads and loads their models. Resolves when they are ready. */
  async prepare(): Promise<void> {
    const missing = Array.from({ length: this.#settings.threads - this.#threads });
    await Promise.all(missing.map(async () => this.#release(await this.#start(), true)));
  }

  /**
   * Recognises one page, whose raster is handed over; `onStart` is called when a thread takes it.
   *
   * @throws QuireError `page_unreadable`, or `engine_out_of_memory` when the page does not fit.
   */
  async recognise(request: OcrRequest, onStart: () => void): Promise<OcrReading> {
    const recognised = this.#recognise(request, onStart);
    this.#underWay.add(recognised);
    try {
      return await recognised;
    } finally {
      this.#underWay.delete(recognised);
    }
  }

  /** Resolves when the pages that are being recognised, or wait for it, are done. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** WebAssembly memory of Tesseract in each thread, in bytes, and the pages that the thread has read. */
  figures(): { wasm: number; pages: number }[] {
    return [...this.#idle, ...this.#busy].map(({ tesseractBytes, pages }) => ({
      wasm: tesseractBytes,
      pages,
    }));
  }

  async #recognise(request: OcrRequest, onStart: () => void): Promise<OcrReading> {
    const thread = await this.#acquire(request.document);
    onStart();
    thread.document = request.document;
    let reply: OcrReply;
    try {
      // Nobody waits for a reply to a request that could not be sent.
      thread.worker.postMessage(request, [request.raster.pixels.buffer as ArrayBuffer]);
      reply = await nextReply<OcrReply>(thread.worker);
    } catch (cause) {
      this.#release(thread, false);
      throw recognitionError(cause instanceof Error ? cause.message : String(cause), cause);
    }
    if (reply.type !== "recognised") {
      this.#release(thread, false);
      throw recognitionError(reply.type === "failed" ? reply.reason : "unexpected reply");
    }
    const { tesseractBytes, tesseractIdlePages, isSpent } = reply;
    thread.pages++;
    thread.tesseractBytes = tesseractBytes;
    this.#release(
      thread,
      !isSpent &&
        thread.pages < this.#settings.threadMaxPages &&
        tesseractBytes <= this.#settings.threadMaxBytes &&
        (tesseractBytes === 0 ||
          this.#settings.models === null ||
          tesseractIdlePages <= maxTesseractIdlePages),
    );
    return reply.reading;
  }

  #acquire(document: number): Promise<OcrThread> {
    const warming = this.#warming;
    if (warming) {
      this.#warming = undefined;
      return warming;
    }
    const used = this.#idle.findIndex((thread) => thread.document === document);
    const [idle] = this.#idle.splice(Math.max(0, used), 1);
    if (idle) {
      this.#busy.add(idle);
      return Promise.resolve(idle);
    }
    if (this.#threads < this.#settings.threads) return this.#start();
    const { promise, resolve } = Promise.withResolvers<OcrThread>();
    this.#waiting.push(resolve);
    return promise;
  }

  #release(thread: OcrThread, reusable: boolean): void {
    if (!reusable) {
      this.#busy.delete(thread);
      // Its place is free when its memory has been given back, not before.
      thread.worker.terminate().finally(() => this.#freePlace());
      return;
    }
    const next = this.#waiting.shift();
    if (next) {
      next(thread);
      return;
    }
    this.#busy.delete(thread);
    this.#idle.push(thread);
  }

  /** A thread is gone: another may start for whoever waits. */
  #freePlace(): void {
    this.#threads--;
    this.#waiting.shift()?.(this.#start());
  }

  /** @param underWay called when the thread has begun to start */
  async #start(underWay?: () => void): Promise<OcrThread> {
    const { models, installed, tessdataDir, collectEveryPages, onStarted } = this.#settings;
    this.#threads++;
    this.#threadsStarted++;
    try {
      const workerData: OcrThreadData = { models, installed, tessdataDir, collectEveryPages };
      const worker = new Worker(ocrThreadScript, { workerData, stdout: true, stderr: true });
      underWay?.();
      const reply = await nextReply<OcrReply>(worker);
      if (reply.type !== "ready") throw new Error("an OCR thread did not start");
      onStarted?.(reply.unavailable);
      const thread: OcrThread = { worker, pages: 0, tesseractBytes: 0, document: null };
      this.#busy.add(thread);
      return thread;
    } catch (cause) {
      this.#freePlace();
      throw recognitionError("an OCR thread did not start", cause);
    }
  }

  async close(): Promise<void> {
    const threads = [...this.#idle, ...this.#busy];
    await Promise.all(threads.map((thread) => thread.worker.terminate()));
  }
}

function recognitionError(reason: string, cause?: unknown): QuireError {
  return /memory|OOM|bad_alloc/i.test(reason)
    ? new QuireError("engine_out_of_memory", "This page needs more memory than an OCR thread can have.", {
        cause,
      })
    : new QuireError(
        "page_unreadable",
        `The recogniser could not read this page (${reason.slice(0, 200)}).`,
        { cause },
      );
}
