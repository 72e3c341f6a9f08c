import type { EngineFigures } from "../protocol.ts";

/** So many of the newest figures: pages differ, and what one holds for a while the next gives back. */
const figuresKept = 8;

/**
 * What each page has lately left behind in an engine process, counted from when it is begun: several are under way. A sound engine levels off; one that leaks does not, and
 * is replaced before the next page of it would not fit.
 */
export class PageGrowth {
  readonly #warmUpPages: number;
  readonly #newest: { readonly rss: number; readonly pagesBegun: number }[] = [];

  /** @param warmUpPages the first pages, which start the OCR threads, say nothing */
  constructor(warmUpPages: number) {
    this.#warmUpPages = warmUpPages;
  }

  note({ rss, threads, pagesBegun }: EngineFigures): void {
    if (pagesBegun <= this.#warmUpPages) return;
    // The threads' own memory has its bound, and comes at once with the first page that needs them.
    const ownBytes = threads.reduce((sum, { wasm }) => sum - wasm, rss);
    this.#newest.push({ rss: ownBytes, pagesBegun });
    if (this.#newest.length > figuresKept) this.#newest.shift();
  }

  /** In bytes; 0 while nothing is known, and where memory was given back. */
  get bytesPerPage(): number {
    const [first] = this.#newest;
    const last = this.#newest.at(-1);
    if (!first || !last || last.pagesBegun <= first.pagesBegun) return 0;
    return Math.max(0, (last.rss - first.rss) / (last.pagesBegun - first.pagesBegun));
  }
}
