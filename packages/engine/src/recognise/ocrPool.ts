import { Worker } from "node:worker_threads";
import { QuireError } from "@quire/core";
import { nextReply } from "./nextReply.ts";
import type { OcrModel, OcrReply, OcrRequest, OcrThreadData } from "./ocrMessages.ts";
import type { RecognisedWord } from "./parseTsv.ts";
import { loadBuild, type TesseractBuild } from "./tesseractBuild.ts";

/** What runs in an OCR thread. */
export const ocrThreadScript = new URL("./ocrThread.js", import.meta.url);

export interface OcrPoolSettings {
  readonly threads: number;
  readonly threadMaxPages: number;
  readonly threadMaxBytes: number;
  readonly collectEveryPages: number;
}

/** A page for the pool: see {@link OcrRequest}; `document` tells one document's pages from another's. */
export interface OcrJob extends Omit<OcrRequest, "reset">, OcrUse {}

/** Who uses a thread: it forgets one use before the next. */
export interface OcrUse extends OcrModel {
  readonly document: number;
}

interface OcrThread {
  readonly worker: Worker;
  pages: number;
  memoryBytes: number;
  document: number;
  languages: string;
}

/**
 * The OCR threads. They start when the first page needs them, so that a document with a text layer never pays
 * for them. A thread is replaced after a number of pages, when its memory has grown past its bound (it never
 * shrinks: one huge page would stay paid for), and whenever a page made it fail.
 */
export class OcrPool {
  readonly #settings: OcrPoolSettings;
  readonly #idle: OcrThread[] = [];
  readonly #busy = new Set<OcrThread>();
  /** Jobs without a thread. The client has at most two pages a thread under way, which bounds this. */
  readonly #waiting: { readonly use: OcrUse; take(thread: OcrThread | Promise<OcrThread>): void }[] = [];
  readonly #underWay = new Set<Promise<RecognisedWord[]>>();
  /** A thread started ahead that no page has taken yet. */
  #warming: Promise<OcrThread> | undefined;
  #build: Promise<TesseractBuild> | undefined;
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
   * Starts the first thread and loads its model beside the rendering of the first page: resolves as soon as the
   * thread is under way, for rendering keeps this one busy.
   */
  warm(use: OcrUse): Promise<void> {
    if (this.#threads > 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#warming = this.#start(use, resolve);
    // The page that takes the thread reports what went wrong.
    this.#warming.catch(() => resolve());
    return promise;
  }

  /** Starts all threads and loads their models. Resolves when they are ready. */
  async prepare(use: OcrUse): Promise<void> {
    const missing = Array.from({ length: this.#settings.threads - this.#threads });
    await Promise.all(missing.map(async () => this.#release(await this.#start(use), true)));
  }

  /**
   * Recognises one page; `onStart` is called when a thread takes it.
   *
   * @throws QuireError `page_unreadable`, or `engine_out_of_memory` when the page does not fit.
   */
  async recognise(job: OcrJob, onStart: () => void): Promise<RecognisedWord[]> {
    const recognised = this.#recognise(job, onStart);
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

  /** WebAssembly memory of each thread, in bytes, and the pages it has read. */
  figures(): { wasm: number; pages: number }[] {
    return [...this.#idle, ...this.#busy].map(({ memoryBytes, pages }) => ({ wasm: memoryBytes, pages }));
  }

  async #recognise(job: OcrJob, onStart: () => void): Promise<RecognisedWord[]> {
    const thread = await this.#acquire(job);
    onStart();
    let reply: OcrReply;
    try {
      reply = await this.#ask(thread, job);
    } catch (cause) {
      this.#release(thread, false);
      throw recognitionError(cause instanceof Error ? cause.message : String(cause), cause);
    }
    if (reply.type !== "recognised") {
      this.#release(thread, false);
      throw recognitionError(reply.type === "failed" ? reply.reason : "unexpected reply");
    }
    thread.pages++;
    thread.memoryBytes = reply.memoryBytes;
    this.#release(
      thread,
      thread.pages < this.#settings.threadMaxPages && thread.memoryBytes <= this.#settings.threadMaxBytes,
    );
    return reply.words;
  }

  async #ask(thread: OcrThread, job: OcrJob): Promise<OcrReply> {
    const languages = job.languages.join("+");
    const reset = thread.document !== job.document || thread.languages !== languages;
    thread.document = job.document;
    thread.languages = languages;
    const { document: _, ...page } = job;
    const answer = nextReply<OcrReply>(thread.worker);
    thread.worker.postMessage({ ...page, reset } satisfies OcrRequest, [job.image.buffer]);
    return answer;
  }

  #acquire(job: OcrJob): Promise<OcrThread> {
    const warming = this.#warming;
    if (warming) {
      this.#warming = undefined;
      return warming;
    }
    const used = this.#idle.findIndex((thread) => thread.document === job.document);
    const [idle] = this.#idle.splice(Math.max(0, used), 1);
    if (idle) {
      this.#busy.add(idle);
      return Promise.resolve(idle);
    }
    if (this.#threads < this.#settings.threads) return this.#start(job);
    const { promise, resolve } = Promise.withResolvers<OcrThread>();
    this.#waiting.push({ use: job, take: resolve });
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
      next.take(thread);
      return;
    }
    this.#busy.delete(thread);
    this.#idle.push(thread);
  }

  /** A thread is gone: another may start for whoever waits. */
  #freePlace(): void {
    this.#threads--;
    const next = this.#waiting.shift();
    if (next) next.take(this.#start(next.use));
  }

  /** @param underWay called when the thread has begun to start */
  async #start(use: OcrUse, underWay?: () => void): Promise<OcrThread> {
    const { document, languages, modelPaths } = use;
    this.#threads++;
    this.#threadsStarted++;
    try {
      this.#build ??= loadBuild("lstm");
      const workerData: OcrThreadData = {
        build: await this.#build,
        collectEveryPages: this.#settings.collectEveryPages,
        model: { languages, modelPaths },
      };
      const worker = new Worker(ocrThreadScript, {
        workerData,
        stdout: true,
        stderr: true,
      });
      underWay?.();
      const reply = await nextReply<OcrReply>(worker);
      if (reply.type !== "ready") throw new Error("an OCR thread did not start");
      const thread: OcrThread = {
        worker,
        pages: 0,
        memoryBytes: 0,
        document,
        languages: languages.join("+"),
      };
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
  return /memory|OOM/i.test(reason)
    ? new QuireError("engine_out_of_memory", "This page needs more memory than an OCR thread can have.", {
        cause,
      })
    : new QuireError(
        "page_unreadable",
        `The recogniser could not read this page (${reason.slice(0, 200)}).`,
        { cause },
      );
}
