import { type ErrorCode, failedPage, type PageResult } from "@quire/core";
import type { EngineRequest, PageCare, ReadPage } from "../protocol.ts";
import type { EngineDocument } from "./engineDocument.ts";
import { EngineTask, taskKey } from "./engineTask.ts";
import type { PageRun } from "./pageRun.ts";

/** The reading of one page. */
export class PageTask extends EngineTask {
  readonly kind = "page";
  readonly #document: EngineDocument;
  readonly #run: PageRun;
  readonly #pageNumber: number;
  /** The page's result, while its preview is being drawn. */
  #text: PageResult | null = null;

  constructor(document: EngineDocument, run: PageRun, pageNumber: number) {
    super(taskKey(document.id, pageNumber));
    this.#document = document;
    this.#run = run;
    this.#pageNumber = pageNumber;
  }

  get request(): EngineRequest {
    const { id, source } = this.#document;
    return { type: "read", document: id, source, pageNumber: this.#pageNumber, care: this.#care };
  }

  get #care(): PageCare {
    if (this.reduced) return "reduced";
    return this.suspect ? "alone" : "usual";
  }

  get wanted(): boolean {
    return this.#document.pageRun === this.#run && !this.#run.hasFailed;
  }

  get begin(): EngineTask["begin"] {
    const { begin } = this.#run;
    return begin && ((start) => begin(this.#pageNumber, start));
  }

  isOf(document: EngineDocument): boolean {
    return this.#document === document;
  }

  /** It will not be read after all. */
  drop(): void {
    this.#run.drop();
  }

  noteText(page: PageResult): void {
    this.#text = page;
  }

  override settle(): boolean {
    if (!this.#text) return false;
    this.finish({ page: { ...this.#text, durationMs: Math.round(this.elapsedMs) }, preview: null });
    return true;
  }

  finish(read: ReadPage): void {
    this.#run.finish(read);
  }

  fail(code: ErrorCode, message: string): void {
    const page = failedPage(this.#pageNumber, { code, message }, Math.round(this.elapsedMs));
    this.finish({ page, preview: null });
  }

  abandon(error: Error): void {
    this.#run.fail(error);
  }
}
