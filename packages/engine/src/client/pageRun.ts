import type { ReadPage } from "../protocol.ts";
import type { TaskStart } from "./engineTask.ts";

/** @see PagesOptions.begin */
export type BeginPage = (pageNumber: number, start: TaskStart) => Promise<void>;

/**
 * The pages somebody wants of a document, from asked for to handed over:
 * wanted → under way → ready → taken. A page whose engine died stays under way, for it is read again.
 */
export class PageRun {
  readonly #order: readonly number[];
  readonly #inOrder: boolean;
  readonly #wanted: number[];
  readonly #ready = new Map<number, ReadPage>();
  #underWay = 0;
  #taken = 0;
  #draining = false;
  #failure: Error | null = null;
  #wake: (() => void) | null = null;
  /** Awaited before a page goes to the engine. */
  readonly begin: BeginPage | undefined;

  /** @param pageNumbers in the order in which they are read; `inOrder`: and handed over */
  constructor(pageNumbers: readonly number[], inOrder: boolean, begin?: BeginPage) {
    this.#order = pageNumbers;
    this.#wanted = [...pageNumbers];
    this.#inOrder = inOrder;
    this.begin = begin;
  }

  /** Pages begun and not yet taken: results wait in memory, so this is what the engine bounds. */
  get open(): number {
    return this.#underWay + this.#ready.size;
  }

  /** Results that wait to be taken. */
  get waiting(): number {
    return this.#ready.size;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** It has been ended with an error: nobody waits for its pages any more. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  get hasWanted(): boolean {
    return this.#wanted.length > 0;
  }

  /** Whether this page is still to be begun. */
  wants(pageNumber: number): boolean {
    return this.#wanted.includes(pageNumber);
  }

  /** The next page to read, which is now under way. */
  take(): number | undefined {
    const [pageNumber] = this.#wanted;
    if (pageNumber !== undefined) this.takePage(pageNumber);
    return pageNumber;
  }

  /** Takes this page out of turn. */
  takePage(pageNumber: number): void {
    this.#wanted.splice(this.#wanted.indexOf(pageNumber), 1);
    this.#underWay++;
  }

  /** A page under way will not be read after all. */
  drop(): void {
    this.#underWay--;
    this.#wake?.();
  }

  finish(read: ReadPage): void {
    this.#underWay--;
    this.#ready.set(read.page.pageNumber, read);
    this.#wake?.();
  }

  /** Begins no other page: the run ends when those under way are taken. */
  drain(): void {
    this.#draining = true;
    this.#wanted.length = 0;
    this.#wake?.();
  }

  /** Ends the run with an error; the first one counts. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wanted.length = 0;
    this.#wake?.();
  }

  /** The next result, or null after the last. @throws QuireError if the run has been ended, or no engine can be started any more */
  async next(): Promise<ReadPage | null> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      if (this.#taken === this.#order.length) return null;
      const key = this.#inOrder ? this.#order[this.#taken] : this.#ready.keys().next().value;
      const read = key === undefined ? undefined : this.#ready.get(key);
      if (read) {
        this.#ready.delete(read.page.pageNumber);
        this.#taken++;
        return read;
      }
      if (this.#draining && this.#underWay === 0) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }
}
