import assert from "node:assert/strict";
import type { PageResult } from "@quire/core";
import type { Engine, OpenOptions } from "../client/engine.ts";
import type { EngineDocument, PagesOptions } from "../client/engineDocument.ts";
import type { SeededRandom } from "./seededRandom.ts";

/** What a random client does to the engine besides opening and reading documents. */
export type EngineCommands = Pick<Engine, "recycle" | "killStuck" | "killForMemory" | "release" | "collect">;

export interface RandomClientOptions {
  readonly random: SeededRandom;
  readonly engine: Omit<EngineCommands, "collect">;
  readonly open: (open: OpenOptions) => Promise<EngineDocument>;
  /** A page came out as failed: throws if there was no reason for that. */
  readonly onFailedPage: (document: EngineDocument, page: PageResult) => void;
  /** An opening was refused, not for anything that the client did: throws if there was no reason for that. */
  readonly onRefused: (error: Error) => void;
}

/** How often each step is taken, beside the others. */
const weights = {
  open: 12,
  read: 25,
  takeOne: 15,
  stop: 1,
  drain: 1,
  close: 3,
  abort: 1,
  settleBegin: 30,
  recycle: 6,
  killStuck: 0.3,
  killForMemory: 0.3,
  release: 6,
};

interface OpenedDocument {
  readonly document: EngineDocument;
  isRead: boolean;
  isDrained: boolean;
  /** What it does may end with an error: it was closed, or one of its pages was not allowed to begin. */
  mayFail: boolean;
  stop: boolean;
}

const maxDocuments = 5;
const full = { usedBytes: 500e6, limitBytes: 512e6, share: 0.98, source: "processes" } as const;
const refusal = new Error("must not begin");

/**
 * A client that opens documents, reads them, and meddles with the engine, all by chance; and checks that it gets what
 * it asked for: each page once, in its order, and nothing for ever pending.
 */
export class RandomClient {
  readonly #options: RandomClientOptions;
  readonly #random: SeededRandom;
  readonly #documents = new Set<OpenedDocument>();
  readonly #openings = new Set<AbortController>();
  /** Openings and runs that have not settled. */
  readonly #pending = new Set<Promise<void>>();
  readonly #begins: PromiseWithResolvers<void>[] = [];
  readonly #gates: (() => void)[] = [];
  #failure: unknown = null;
  #calm = false;
  #mayAllFail = false;
  pagesRead = 0;

  constructor(options: RandomClientOptions) {
    this.#options = options;
    this.#random = options.random;
  }

  get isSettled(): boolean {
    return this.#pending.size === 0;
  }

  /** Resolves when all that is pending has settled. */
  async settled(): Promise<void> {
    while (!this.isSettled) await Promise.race(this.#pending);
    this.check();
  }

  /** @throws what a check found wrong meanwhile */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Takes one step. @returns its name */
  step(): string {
    const step = this.#random.weighted(weights);
    const document = this.#random.pick([...this.#documents]);
    const { engine } = this.#options;
    if (step === "open" && this.#documents.size + this.#openings.size < maxDocuments)
      this.#track(this.#open());
    if (step === "read" && document && !document.isRead) {
      // Nothing is ever read of a drained document any more.
      if (document.isDrained) this.#close(document);
      else this.#track(this.#read(document));
    }
    if (step === "takeOne") this.#gates.shift()?.();
    if (step === "stop" && document) document.stop = true;
    if (step === "drain" && document) this.#drain(document);
    if (step === "close" && document) this.#close(document);
    if (step === "abort") this.#random.pick([...this.#openings])?.abort(refusal);
    if (step === "settleBegin") this.#settleBegin();
    if (step === "recycle")
      engine.recycle(
        this.#random.pick(["max_pages", "max_rss", "max_pages", "max_rss", "no_room", "elevated", "high"]) ??
          "high",
      );
    if (step === "killStuck") engine.killStuck();
    if (step === "killForMemory") engine.killForMemory(full, this.#random.chance(0.5));
    if (step === "release") engine.release();
    return step;
  }

  /** From now on it takes every page at once, and lets everything begin: all that is pending should come to its end. */
  calmDown(): void {
    this.#calm = true;
    this.#options.engine.release();
    for (const begin of this.#begins.splice(0)) begin.resolve();
    for (const open of this.#gates.splice(0)) open();
  }

  /** Whatever is pending may end with an error: the engine is closed, or cannot be started. */
  allowFailures(): void {
    for (const document of this.#documents) document.mayFail = true;
    this.#mayAllFail = true;
  }

  closeDocuments(): void {
    for (const document of this.#documents) this.#close(document);
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  async #open(): Promise<void> {
    const abort = new AbortController();
    this.#openings.add(abort);
    let isRefused = false;
    const begin = this.#beginning(() => {
      isRefused = true;
    });
    const suspected = this.#random.chance(0.1) ? { crashCount: this.#random.below(2) } : {};
    try {
      const document = await this.#options.open({ signal: abort.signal, ...begin, ...suspected });
      this.#documents.add({
        document,
        isRead: false,
        isDrained: false,
        mayFail: this.#mayAllFail,
        stop: false,
      });
    } catch (error) {
      if (!isRefused && !abort.signal.aborted && !this.#mayAllFail) this.#options.onRefused(error as Error);
    } finally {
      this.#openings.delete(abort);
    }
  }

  async #read(opened: OpenedDocument): Promise<void> {
    const { document } = opened;
    const all = Array.from({ length: document.facts.pageCount }, (_, index) => index + 1);
    const pageNumbers = this.#random.chance(0.5)
      ? all
      : all.filter(() => this.#random.chance(0.5)).toReversed();
    const order = this.#random.chance(0.5) ? "page" : "finish";
    const isSlow = this.#random.chance(0.3);
    opened.isRead = true;
    opened.stop = false;
    let mayFail = false;
    const options: PagesOptions = {
      pageNumbers,
      order,
      ...this.#beginning(() => {
        mayFail = true;
      }),
      suspects: new Map(
        pageNumbers.filter(() => this.#random.chance(0.05)).map((page) => [page, this.#random.below(2)]),
      ),
    };
    const numbers: number[] = [];
    try {
      for await (const page of document.pages(options)) {
        numbers.push(page.pageNumber);
        this.pagesRead++;
        if (page.outcome === "failed") this.#options.onFailedPage(document, page);
        if (isSlow && !this.#calm) await new Promise<void>((open) => this.#gates.push(open));
        if (opened.stop) return;
      }
      this.#checkPages(numbers, { pageNumbers, order, isDrained: opened.isDrained });
    } catch (error) {
      if (!mayFail && !opened.mayFail) throw error;
    } finally {
      opened.isRead = false;
    }
  }

  #checkPages(
    numbers: readonly number[],
    run: { readonly pageNumbers: readonly number[]; readonly order: string; readonly isDrained: boolean },
  ): void {
    const { pageNumbers, order, isDrained } = run;
    assert.equal(new Set(numbers).size, numbers.length, "a page was handed over twice");
    const expected = isDrained ? pageNumbers.filter((page) => numbers.includes(page)) : pageNumbers;
    const sorted = (list: readonly number[]) => list.toSorted((one, other) => one - other);
    assert.deepEqual(sorted(numbers), sorted(expected), "other pages were asked for");
    if (order === "page") assert.deepEqual(numbers, expected, "the pages are out of order");
  }

  /** The ways to be notified of what begins: not at all, at once, some time later, or to refuse it. */
  #beginning(onRefuse: () => void): { begin?: () => Promise<void> } {
    if (this.#random.chance(0.4)) return {};
    return {
      begin: async () => {
        if (this.#calm || this.#random.chance(0.7)) return;
        if (this.#random.chance(0.03)) {
          onRefuse();
          throw refusal;
        }
        const settled = Promise.withResolvers<void>();
        this.#begins.push(settled);
        await settled.promise;
      },
    };
  }

  #settleBegin(): void {
    const [begin] = this.#begins.splice(this.#random.below(this.#begins.length), 1);
    begin?.resolve();
  }

  #drain(opened: OpenedDocument): void {
    opened.isDrained = true;
    opened.document.drain();
  }

  #close(opened: OpenedDocument): void {
    opened.mayFail = true;
    this.#documents.delete(opened);
    opened.document.close();
  }
}
