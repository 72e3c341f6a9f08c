import type { DocumentFacts, PageResult } from "@quire/core";
import { QuireError } from "@quire/core";
import type { DocumentSource, ReadPage } from "../protocol.ts";
import { type BeginPage, PageRun } from "./pageRun.ts";

export interface PagesOptions {
  /** Which pages, from 1, in the order wanted; by default all of them. */
  readonly pageNumbers?: readonly number[] | undefined;
  /** `page`: handed over in the order wanted; `finish`: each as soon as it is read. */
  readonly order?: "page" | "finish";
  /**
   * Called, and awaited, each time before a page is handed to the engine process: for whoever must know what was
   * under way should everything die. Its rejection ends the reading.
   */
  readonly begin?: BeginPage;
  /**
   * Pages that were under way when another engine died, and how often one died with nothing else to do: they are
   * read first, each alone.
   */
  readonly suspects?: ReadonlyMap<number, number>;
}

/** What a document needs of the engine that opened it. */
export interface DocumentHost {
  schedule(): void;
  suspect(document: EngineDocument, run: PageRun, pageNumber: number, crashCount: number): void;
  /** Forgets suspects that wait to be read again. */
  dropSuspects(document: EngineDocument): void;
  closeDocument(document: EngineDocument): void;
}

/** An open document. Its pages are read one after the other, as somebody takes them. */
export class EngineDocument {
  readonly id: number;
  readonly facts: DocumentFacts;
  readonly #host: DocumentHost;
  readonly #source: DocumentSource;
  #run: PageRun | null = null;
  #draining = false;
  #closed = false;

  constructor(id: number, source: DocumentSource, facts: DocumentFacts, host: DocumentHost) {
    this.id = id;
    this.#source = source;
    this.facts = facts;
    this.#host = host;
  }

  /** What the engine is told of it with every request. */
  get source(): DocumentSource {
    return this.#source;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The run under way, if any; the engine takes its work from here. */
  get pageRun(): PageRun | null {
    return this.#run;
  }

  /**
   * Reads pages. A page that cannot be read is a result with the outcome `failed`, and the next one follows.
   *
   * @throws QuireError `page_out_of_range`; `engine_unavailable` when the document has been closed, or no
   *   engine can be started any more; whatever `begin` rejects with
   */
  async *pages(options: PagesOptions = {}): AsyncGenerator<PageResult, void, void> {
    for await (const { page } of this.pagesWithPreviews(options)) yield page;
  }

  /**
   * The same, each with its picture, if the document was opened with `preview`. Pages that wait to be taken hold theirs
   * in memory: see `maxPreviewBytes`.
   *
   * @throws QuireError as {@link pages}
   */
  async *pagesWithPreviews(options: PagesOptions = {}): AsyncGenerator<ReadPage, void, void> {
    const { pageNumbers, order = "page", begin, suspects = new Map() } = options;
    const { pageCount } = this.facts;
    const wanted = pageNumbers ?? Array.from({ length: pageCount }, (_, index) => index + 1);
    const outside = wanted.find((pageNumber) => pageNumber < 1 || pageNumber > pageCount);
    if (outside !== undefined) {
      throw new QuireError(
        "page_out_of_range",
        `There is no page ${outside}: the document has ${pageCount}.`,
      );
    }
    if (this.#closed) throw closedError();
    if (this.#run) throw new Error("this document is being read already");
    const run = new PageRun([...new Set(wanted)], order === "page", begin);
    this.#run = run;
    if (this.#draining) run.drain();
    for (const [pageNumber, crashCount] of suspects)
      if (run.wants(pageNumber)) this.#host.suspect(this, run, pageNumber, crashCount);
    try {
      for (;;) {
        this.#host.schedule();
        const read = await run.next();
        if (read === null) return;
        yield read;
      }
    } finally {
      this.#run = null;
      // Its pages under way are not wanted any more: a process that is to be replaced may have waited for them only.
      this.#host.schedule();
    }
  }

  /** Begins no other page, now or later: a reading ends early, after the pages that the engine has. */
  drain(): void {
    this.#draining = true;
    this.#host.dropSuspects(this);
    this.#run?.drain();
  }

  /** Lets go of the document in the engine. A reading under way ends with `engine_unavailable`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#run?.fail(closedError());
    this.#host.closeDocument(this);
  }
}

function closedError(): QuireError {
  return new QuireError("engine_unavailable", "The document has been closed.");
}
