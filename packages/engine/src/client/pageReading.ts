import type { PageResult, QuireError } from "@quire/core";

/**
 * The pages somebody wants of a document, from asked for to handed over:
 * wanted → under way → ready → taken. A page whose engine died stays under way, for it is read again.
 */
export class PageReading {
  readonly #order: readonly number[];
  readonly #inOrder: boolean;
  readonly #wanted: number[];
  readonly #ready = new Map<number, PageResult>();
  #underWay = 0;
  #taken = 0;
  #failure: QuireError | null = null;
  #wake: (() => void) | null = null;

  /** @param pageNumbers in the order in which they are read; `inOrder`: and handed over */
  constructor(pageNumbers: readonly number[], inOrder: boolean) {
    this.#order = pageNumbers;
    this.#wanted = [...pageNumbers];
    this.#inOrder = inOrder;
  }

  /** Pages begun and not yet taken: results wait in memory, so this is what the engine bounds. */
  get open(): number {
    return this.#underWay + this.#ready.size;
  }

  get underWay(): number {
    return this.#underWay;
  }

  get hasWanted(): boolean {
    return this.#wanted.length > 0;
  }

  /** The next page to read, which is now under way. */
  begin(): number | undefined {
    const pageNumber = this.#wanted.shift();
    if (pageNumber !== undefined) this.#underWay++;
    return pageNumber;
  }

  finish(result: PageResult): void {
    this.#underWay--;
    this.#ready.set(result.pageNumber, result);
    this.#wake?.();
  }

  fail(error: QuireError): void {
    this.#failure = error;
    this.#wanted.length = 0;
    this.#wake?.();
  }

  /** The next result, or null after the last. @throws QuireError if the reading has been ended, or no engine can be started any more */
  async next(): Promise<PageResult | null> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      if (this.#taken === this.#order.length) return null;
      const key = this.#inOrder ? this.#order[this.#taken] : this.#ready.keys().next().value;
      const result = key === undefined ? undefined : this.#ready.get(key);
      if (result) {
        this.#ready.delete(result.pageNumber);
        this.#taken++;
        return result;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }
}
