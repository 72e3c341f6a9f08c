import { type Config, contentTypes, failedPage, type PageResult, QuireError } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import type { Engine, EngineDocument, ReadPage } from "@quire/engine";
import { type Claim, ClaimLost, type FileStore, type Suspect } from "@quire/store";
import { Released } from "./failurePolicy.ts";
import type { Previews } from "./previews.ts";
import { readOptions } from "./readOptions.ts";
import type { Spool } from "./spool.ts";

export interface JobTools {
  readonly engine: Engine;
  readonly files: FileStore;
  readonly previews: Previews;
  readonly spool: Spool;
  readonly config: Config;
  /** Of this document. */
  readonly log: Logger;
  /** Told of every page that has been saved. */
  readonly onPage: (page: PageResult) => void;
}

type JobOutcome = "completed" | "partial" | "failed" | "moved" | "released";

/**
 * So many workers that died with nothing but this to do make it guilty without another trial: one more than when an
 * engine dies alone, for it is less clear why. Where it is clear that somebody else killed them, it takes so many that
 * chance is out of the question.
 */
const guiltyAfter = { deaths: 3, kills: 10 };

/**
 * One claimed document, from its copy to its end:
 * fetching → opening → reading → settled. It can be told at any moment to stop: softly (the pages under way are
 * saved, then the document goes back), or at once, with the reason.
 */
export class DocumentJob {
  readonly claim: Claim;
  readonly startedAt = performance.now();
  readonly #tools: JobTools;
  readonly #stopping = new AbortController();
  /** Pages of it (0: its opening) that the engine has at this moment. */
  readonly #underWay = new Set<number>();
  #progressAt = performance.now();
  #draining = false;
  #document: EngineDocument | null = null;
  #pagesSaved = 0;
  #previewsLost = 0;

  constructor(claim: Claim, tools: JobTools) {
    this.claim = claim;
    this.#tools = tools;
  }

  get pagesSaved(): number {
    return this.#pagesSaved;
  }

  /** Pages that were saved without their preview, for it could not be stored. */
  get previewsLost(): number {
    return this.#previewsLost;
  }

  /** Pages of its run that are there, those of earlier claims included. */
  get pagesDone(): number {
    return this.claim.pagesRead.size + this.#pagesSaved;
  }

  /** Null until it has been opened, now or by an earlier claim. */
  get pageCount(): number | null {
    return this.#document?.facts.pageCount ?? this.claim.pageCount;
  }

  /** Pages that have been read and not been saved. */
  get resultsWaiting(): number {
    return this.#document?.pageRun?.waiting ?? 0;
  }

  /** Milliseconds since a page was last begun or saved, or a piece of the file arrived. */
  get idleMs(): number {
    return performance.now() - this.#progressAt;
  }

  /** Whether the engine has anything of this document: one that merely waits its turn is not to blame for it. */
  get isUnderWay(): boolean {
    return this.#underWay.size > 0;
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** The engine has nothing any more: what it had is begun anew. */
  engineDied(): void {
    this.#underWay.clear();
  }

  /** Ends it softly: the pages under way finish and are saved, and the document is handed back. */
  drain(): void {
    this.#draining = true;
    if (this.#document) this.#document.drain();
    else this.#stopping.abort(new Released("the worker leaves"));
  }

  /** Ends it now. {@link run} rejects with the reason. */
  stop(reason: Error): void {
    this.#stopping.abort(reason);
    this.#document?.close();
  }

  /**
   * Reads the document and settles its claim.
   *
   * @throws ClaimLost; Released or QuireError why it ended: the claim is then still to be settled
   */
  async run(): Promise<JobOutcome> {
    const { claim } = this;
    try {
      const file = await this.#fetch();
      this.#document = await this.#open(file.path);
      const { facts } = this.#document;
      const lane = await claim.describe({
        pageCount: facts.pageCount,
        contentType: contentTypes[facts.format],
        sha256: file.sha256,
      });
      if (lane !== claim.lane) {
        await claim.move(lane);
        return "moved";
      }
      const guilty = await this.#failGuiltyPages();
      for await (const read of this.#pages(this.#document, guilty)) await this.#save(read);
      if (this.#draining && this.#pagesMissing(facts.pageCount) > 0) {
        await claim.release();
        return "released";
      }
      return await claim.finish(this.#tools.config.worker.maxFailedPageRatio);
    } catch (error) {
      // Why it was stopped matters, not what that broke.
      throw error instanceof ClaimLost ? error : (this.#stopping.signal.reason ?? error);
    } finally {
      this.#document?.close();
      // What stays is swept when this worker ends; how the document ended matters more.
      await this.#tools.spool.remove(claim).catch(() => {});
    }
  }

  async #fetch() {
    const { files, spool, config } = this.#tools;
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    const onProgress = () => {
      this.#progressAt = performance.now();
    };
    return spool.fetch(this.claim, files, { limits: config.limits, signal, onProgress });
  }

  async #open(path: string): Promise<EngineDocument> {
    const { claim } = this;
    const suspect = claim.suspects.find(({ pageNumber }) => pageNumber === 0);
    if (suspect && isGuilty(suspect))
      throw new QuireError(
        "engine_crashed",
        "Opening this document killed its worker. Export or scan it again.",
      );
    this.#stopping.signal.throwIfAborted();
    const opened = await this.#tools.engine.openDocument(
      path,
      readOptions(claim.options, this.#tools.config),
      {
        begin: ({ alone }) => this.#begin(0, alone),
        crashCount: suspect && crashCountOf(suspect),
        signal: this.#stopping.signal,
      },
    );
    this.#finished(0);
    return opened;
  }

  /** Fails, unread, the pages that killed worker after worker. @returns them */
  async #failGuiltyPages(): Promise<Set<number>> {
    const { suspects, pagesRead } = this.claim;
    const guilty = suspects.filter(
      (suspect) => suspect.pageNumber > 0 && isGuilty(suspect) && !pagesRead.has(suspect.pageNumber),
    );
    for (const { pageNumber, deaths, kills } of guilty) {
      const message = `${deaths + kills} workers ended while they read this page. Export or scan it again.`;
      const page = failedPage(pageNumber, { code: "engine_crashed", message });
      await this.#save({ page, preview: null });
    }
    return new Set(guilty.map(({ pageNumber }) => pageNumber));
  }

  #pages(document: EngineDocument, guilty: ReadonlySet<number>): AsyncIterable<ReadPage> {
    const { pagesRead, suspects } = this.claim;
    const all = Array.from({ length: document.facts.pageCount }, (_, index) => index + 1);
    return document.pagesWithPreviews({
      pageNumbers: all.filter((pageNumber) => !pagesRead.has(pageNumber) && !guilty.has(pageNumber)),
      order: "finish",
      suspects: new Map(suspects.map((suspect) => [suspect.pageNumber, crashCountOf(suspect)])),
      begin: (pageNumber, { alone }) => this.#begin(pageNumber, alone),
    });
  }

  async #begin(pageNumber: number, alone: boolean): Promise<void> {
    await this.claim.beginPage(pageNumber, { alone });
    this.#underWay.add(pageNumber);
    this.#progressAt = performance.now();
  }

  #finished(pageNumber: number): void {
    this.#underWay.delete(pageNumber);
    this.#progressAt = performance.now();
  }

  /** The preview before the page: whoever is told of the page finds its picture there. */
  async #save({ page, preview }: ReadPage): Promise<void> {
    const isStored = preview !== null && (await this.#storePreview(page.pageNumber, preview));
    await this.claim.savePage(page, isStored ? preview.byteLength : null);
    this.#pagesSaved++;
    this.#tools.onPage(page);
    this.#finished(page.pageNumber);
  }

  /** @returns whether it is stored: a page is worth more than its picture, and is saved without it */
  async #storePreview(pageNumber: number, preview: Uint8Array): Promise<boolean> {
    try {
      await this.#tools.previews.store(this.claim.previewKey(pageNumber), preview, this.#stopping.signal);
      return true;
    } catch (error) {
      const told = { page: pageNumber, error: describeError(error) };
      if (this.#previewsLost++ === 0) this.#tools.log.warn(told, "preview not stored");
      return false;
    } finally {
      // That the engine has brought nothing meanwhile was not its fault.
      this.#progressAt = performance.now();
    }
  }

  #pagesMissing(pageCount: number): number {
    return pageCount - this.claim.pagesRead.size - this.#pagesSaved;
  }
}

/** An engine that then dies once more with it alone settles the matter: see the engine's own count. */
function crashCountOf({ deaths }: Suspect): number {
  return Math.min(1, deaths);
}

function isGuilty({ deaths, kills }: Suspect): boolean {
  return deaths >= guiltyAfter.deaths || kills >= guiltyAfter.kills;
}
