import { automaticLanguage } from "@quire/core";
import { collectGarbage, heapFigures } from "@quire/memory";
import { openDocument } from "../formats/openDocument.ts";
import type { OpenedDocument } from "../formats/openedDocument.ts";
import { isCovered } from "../languages/coverage.ts";
import { usualLanguage } from "../languages/usualFirst.ts";
import { OcrPool } from "../ocr/ocrPool.ts";
import type {
  CollectReason,
  DocumentSource,
  EngineFigures,
  EngineMessage,
  EngineRequest,
  EngineSettings,
  ReadPage,
} from "../protocol.ts";
import { runtimeProblem } from "../reader/runtimeProblem.ts";
import { findModel } from "../tesseract/models.ts";
import { ClientMemory } from "./clientMemory.ts";
import { toPageError } from "./pageResults.ts";
import { readPage } from "./readPage.ts";
import { Room } from "./room.ts";

interface OpenSource {
  readonly document: OpenedDocument;
  readonly conservative: boolean;
}

type PageStage = Extract<EngineMessage, { type: "stage" }>["stage"];
type Work = Exclude<EngineRequest, { type: "configure" }>;

/**
 * Answers the client's requests. Opening and rendering run one after the other, since PDFium and pdf.js have
 * one thread; only recognition runs beside them.
 */
export class PageReader {
  readonly #settings: EngineSettings;
  readonly #installed: readonly string[];
  readonly #send: (message: EngineMessage) => void;
  readonly #pool: OcrPool;
  readonly #memory: ClientMemory;
  readonly #room: Room;
  readonly #open = new Map<number, Promise<OpenSource>>();
  /** The end of the chain of work on documents; its length is bounded by the client's pages under way. */
  #rendering: Promise<unknown> = Promise.resolve();
  #ppOcr: boolean;
  #pagesBegun = 0;
  #pagesRead = 0;

  constructor(
    settings: EngineSettings,
    installed: readonly string[],
    send: (message: EngineMessage) => void,
  ) {
    this.#settings = settings;
    this.#installed = installed;
    this.#send = send;
    const problem = settings.models ? runtimeProblem() : "READER=tesseract";
    this.#ppOcr = problem === null;
    this.#pool = new OcrPool({
      threads: settings.threads,
      threadMaxPages: settings.ocrThreadMaxPages,
      threadMaxBytes: settings.ocrThreadMaxBytes,
      collectEveryPages: settings.gcEveryPages,
      models: this.#ppOcr ? settings.models : null,
      installed,
      tessdataDir: settings.tessdataDir,
      onStarted: (unavailable) => unavailable !== null && this.#tellReader(unavailable),
    });
    this.#tellReader(problem);
    this.#memory = new ClientMemory(() => send({ type: "memory" }));
    this.#room = new Room({
      gauge: this.#memory,
      idle: () => this.#pool.idle(),
    });
  }

  handle(request: Work): void {
    if (request.type === "open") void this.#answerOpen(request);
    if (request.type === "read") void this.#answerRead(request);
    if (request.type === "warm") void this.#answerWarm();
    if (request.type === "memory") this.#memory.answer(request);
    if (request.type === "collect") this.#collect("request");
    if (request.type === "close") void this.#answerClose(request.document);
  }

  async #answerOpen({ document, source }: Extract<Work, { type: "open" }>): Promise<void> {
    try {
      this.#send({ type: "stage", document, pageNumber: null, stage: "waiting" });
      const { document: opened, conservative } = await this.#opened(document, source, null);
      const { format, pageCount } = opened;
      const facts = { format, pageCount, sizeBytes: source.sizeBytes, conservative };
      this.#send({ type: "opened", document, facts });
    } catch (error) {
      this.#send({ type: "refused", document, error: toPageError(error, "corrupt_file") });
    }
  }

  async #answerWarm(): Promise<void> {
    try {
      await this.#pool.prepare();
    } catch {
      // The first page that needs a thread reports what is wrong with them.
    }
    this.#send({ type: "warmed" });
  }

  async #answerRead(request: Extract<Work, { type: "read" }>): Promise<void> {
    const { document, pageNumber } = request;
    this.#pagesBegun++;
    try {
      const { page, preview } = await this.#read(request);
      this.#pagesRead++;
      this.#send({ type: "figures", figures: this.#figures() });
      this.#send({ type: "page", document, result: page, preview });
    } catch {
      // DoesNotFit, the only thing that reading a page throws.
      this.#send({ type: "unfit", document, pageNumber });
      return;
    }
    const conservative = (await this.#open.get(document)?.catch(() => null))?.conservative ?? false;
    if (this.#pagesRead % (conservative ? 1 : this.#settings.gcEveryPages) === 0) this.#collect("pages");
  }

  #read({ document, source, pageNumber, care }: Extract<Work, { type: "read" }>): Promise<ReadPage> {
    const onStage = (stage: PageStage) => this.#send({ type: "stage", document, pageNumber, stage });
    // For its document to be opened, which may be another page's doing.
    onStage("waiting");
    return readPage(pageNumber, {
      pool: this.#pool,
      document,
      options: source.options,
      maxRasterPixels: this.#settings.maxRasterPixels,
      room: this.#room,
      care,
      opened: () => this.#opened(document, source, pageNumber),
      exclusively: (work) => {
        onStage("waiting");
        return this.#exclusively(work);
      },
      onStage,
      onText: (result) => this.#send({ type: "text", document, result }),
    });
  }

  async #answerClose(document: number): Promise<void> {
    const opening = this.#open.get(document);
    this.#open.delete(document);
    await this.#exclusively(async () => (await opening)?.document.close()).catch(() => {});
    this.#collect("document");
  }

  /** @param pageNumber the page that needs it opened; null: it is opened for its own sake */
  #opened(document: number, source: DocumentSource, pageNumber: number | null): Promise<OpenSource> {
    let opening = this.#open.get(document);
    if (!opening) {
      opening = this.#exclusively(() => {
        this.#send({ type: "stage", document, pageNumber, stage: "rendering" });
        return this.#openSource(source);
      });
      this.#open.set(document, opening);
    }
    return opening;
  }

  async #openSource({ path, sizeBytes, options }: DocumentSource): Promise<OpenSource> {
    const { limits } = this.#settings;
    if (options.textLayer !== "only") this.#checkLanguages(options.languages);
    const document = await openDocument(path, options.password, limits);
    const conservative = sizeBytes > limits.warnFileBytes || document.pageCount > limits.warnPages;
    return { document, conservative };
  }

  /** @throws QuireError `language_missing` where Tesseract is to read a language whose model is not installed */
  #checkLanguages(languages: readonly string[]): void {
    const isAutomatic = languages[0] === automaticLanguage;
    if (this.#ppOcr && (isAutomatic || languages.every(isCovered))) return;
    // Without any model Tesseract would find pages blank.
    if (isAutomatic && this.#installed.length > 0) return;
    for (const language of isAutomatic ? [usualLanguage] : languages)
      findModel(language, this.#settings.tessdataDir);
  }

  /** @param problem why PP-OCR does not read, null where it does */
  #tellReader(problem: string | null): void {
    this.#ppOcr = problem === null;
    this.#send({
      type: "reader",
      engine: this.#ppOcr ? "pp-ocr" : "tesseract",
      reason: problem?.slice(0, 500) ?? null,
    });
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#rendering.then(work);
    this.#rendering = done.catch(() => {});
    return done;
  }

  #figures(): EngineFigures {
    return {
      rss: process.memoryUsage.rss(),
      heap: heapFigures(),
      threads: this.#pool.figures(),
      pagesBegun: this.#pagesBegun,
      pagesRead: this.#pagesRead,
    };
  }

  #collect(why: CollectReason): void {
    this.#send({ type: "collected", why, ...collectGarbage(), pagesRead: this.#pagesRead });
  }
}
