import { countUncertainNumbers, type ErrorCode, type Lane, type PageResult, type Word } from "@quire/core";
import type { Session } from "../database.ts";
import type { StoredOptions } from "../documents/documentSummary.ts";
import { previewKey } from "../files/previewKey.ts";
import type { Queue } from "./queue.ts";

/**
 * A page that a dead worker had under way (0: the opening), how many died with nothing but it to do, and how many were
 * killed meanwhile by somebody else.
 */
export interface Suspect {
  readonly pageNumber: number;
  readonly deaths: number;
  readonly kills: number;
}

/** The claim is not this worker's any more: the document was cancelled, or another has taken it over. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}

/** What `quire.claim_document` returns. */
export interface ClaimRow {
  readonly owner_id: string;
  readonly run: number;
  readonly storage_key: string;
  readonly size_bytes: string;
  readonly sha256: string | null;
  readonly options: StoredOptions;
  readonly lane: Lane;
  readonly page_count: number | null;
  readonly claim: number;
  readonly pages_read: number[];
  readonly suspects: Suspect[];
}

/**
 * One worker's hold on a document. Every write carries the claim's number; when another claim has begun since, it
 * changes nothing and throws {@link ClaimLost}.
 */
export class Claim {
  readonly documentId: string;
  readonly lane: Lane;
  readonly number: number;
  readonly storageKey: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly options: StoredOptions;
  /** Null until the document has been opened once. */
  readonly pageCount: number | null;
  /** Pages of this run that earlier claims have saved. */
  readonly pagesRead: ReadonlySet<number>;
  readonly suspects: readonly Suspect[];
  readonly #ownerId: string;
  readonly #run: number;
  /** The job as it was fetched, which is what fences its settling. */
  readonly job: { readonly id: string; readonly retryCount: number };
  readonly #queue: Queue;

  constructor(queue: Queue, documentId: string, row: ClaimRow, job: { id: string; retryCount: number }) {
    this.#queue = queue;
    this.documentId = documentId;
    this.job = job;
    this.lane = row.lane;
    this.number = row.claim;
    this.storageKey = row.storage_key;
    this.sizeBytes = Number(row.size_bytes);
    this.sha256 = row.sha256;
    this.options = row.options;
    this.pageCount = row.page_count;
    this.pagesRead = new Set(row.pages_read);
    this.suspects = row.suspects;
    this.#ownerId = row.owner_id;
    this.#run = row.run;
  }

  /** Where a page's picture is to lie: this claim's own place, so that nobody else's is overwritten. */
  previewKey(pageNumber: number): string {
    const { documentId, number: claim } = this;
    return previewKey({ ownerId: this.#ownerId, documentId, run: this.#run, claim, pageNumber });
  }

  /**
   * Stores what opening the document found.
   *
   * @returns the lane it belongs to now
   */
  async describe(facts: { pageCount: number; contentType: string; sha256: string }): Promise<Lane> {
    const { pageCount, contentType, sha256 } = facts;
    return this.#write<Lane>("quire.describe_document($1, $2, $3, $4, $5)", [pageCount, contentType, sha256]);
  }

  /** Marks a page (0: the opening) as under way. To be awaited before it is begun. */
  async beginPage(pageNumber: number, { alone }: { alone: boolean }): Promise<void> {
    await this.#write("quire.begin_page($1, $2, $3, $4)", [pageNumber, alone]);
  }

  /**
   * Saves a page; it can be read at once.
   *
   * @param previewBytes the size of its picture, stored already at {@link previewKey}; null if it has none
   */
  async savePage(page: PageResult, previewBytes: number | null = null): Promise<void> {
    await this.#write(
      "quire.save_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
      [
        page.pageNumber,
        page.outcome,
        page.meanConfidence,
        page.width,
        page.height,
        page.dpi,
        page.rotation,
        Math.round(page.durationMs),
        page.warnings,
        page.error?.code ?? null,
        page.error === null ? null : storable(page.error.message),
        storable(page.text),
        JSON.stringify(page.words.map(storableWord)),
        previewBytes,
        page.orientation,
        page.skew,
        page.languages,
        page.reader,
        countUncertainNumbers(page.words),
        page.missingLanguage ?? null,
      ],
    );
  }

  /**
   * Ends the claim: every page is there.
   *
   * @param maxFailedPageRatio the share of failed pages beyond which the document is failed
   */
  async finish(maxFailedPageRatio: number): Promise<"completed" | "partial" | "failed"> {
    return this.#settle("quire.finish_document($1, $2, $3)", [maxFailedPageRatio]);
  }

  /** Ends the claim: this document can never be read. */
  async fail(code: ErrorCode, message: string): Promise<void> {
    await this.#settle("quire.fail_document($1, $2, $3, $4)", [code, storable(message)]);
  }

  /**
   * Ends the claim: it may go better next time, after a while. A `failure` counts; a `stall` counts if this claim
   * brought no new page; the third of either is the last.
   */
  async retry(
    kind: "failure" | "stall",
    code: ErrorCode,
    message: string,
    delaySeconds: number,
  ): Promise<"queued" | "failed"> {
    const values = [kind, code, storable(message), delaySeconds];
    return this.#settle("quire.retry_document($1, $2, $3, $4, $5, $6)", values);
  }

  /** Ends the claim: another lane is to read it. */
  async move(lane: Lane): Promise<void> {
    await this.#settle("quire.move_document($1, $2, $3)", [lane]);
  }

  /** Ends the claim: hands the document back, free at once, nothing counted. */
  async release(): Promise<void> {
    await this.#queue.database.transaction(async (session) => {
      await this.#queue.free(this.lane, this.job, session);
      await this.#call("quire.release_document($1, $2)", [], session);
    });
  }

  /** The job before its document, as a claim locks them. */
  async #settle<Result>(call: string, values: readonly unknown[]): Promise<Result> {
    return this.#queue.database.transaction(async (session) => {
      await this.#queue.complete(this, session);
      return this.#call<Result>(call, values, session);
    });
  }

  async #write<Result>(call: string, values: readonly unknown[]): Promise<Result> {
    return this.#call<Result>(call, values, this.#queue.database);
  }

  async #call<Result>(
    call: string,
    values: readonly unknown[],
    session: Pick<Session, "query">,
  ): Promise<Result> {
    const [row] = await session.query<{ result: Result | null }>(`select ${call} as result`, [
      this.documentId,
      this.number,
      ...values,
    ]);
    const result = row?.result;
    if (result === null || result === undefined || result === false)
      throw new ClaimLost("another claim holds the document");
    return result;
  }
}

function storableWord(word: Word): Word {
  const { text, alternative } = word;
  return {
    ...word,
    text: storable(text),
    ...(alternative === undefined ? {} : { alternative: storable(alternative) }),
  };
}

/** Postgres stores neither NUL nor half a surrogate pair, which a PDF's own text, or what is said of it, may contain. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
