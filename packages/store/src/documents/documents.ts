import type { DocumentOptions, DocumentStatus, ErrorCode, PageResult } from "@quire/core";
import { errorCodes, QuireError } from "@quire/core";
import type { Statements } from "../database.ts";
import { type OutputStanding, outputStanding } from "../outputs/outputStanding.ts";
import { assertDocumentId, documentNotFound } from "./documentId.ts";
import { type DocumentSummary, summaryColumns } from "./documentSummary.ts";
import { readPages } from "./readPages.ts";

export interface NewDocument {
  readonly id: string;
  readonly ownerId: string;
  readonly filename: string;
  readonly storageKey: string;
  readonly sizeBytes: number;
  /** Null: not known yet; then no other document is found that has the same content. */
  readonly sha256: string | null;
  readonly options: Partial<DocumentOptions>;
  /** -20 to 20; higher is read first. */
  readonly priority?: number;
  /** Read it again even if the same content is there already. */
  readonly force?: boolean;
}

/** One time something went wrong with a document. */
export interface FailureEntry {
  readonly at: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The documents of one database, for the command line and the API. */
export class Documents {
  readonly #database: Statements;

  constructor(database: Statements) {
    this.#database = database;
  }

  /**
   * Adds a document whose file is stored, and queues it.
   *
   * @returns its id, or that of a document with the same content and options that makes reading it again needless
   * @throws QuireError `owner_queue_full`, `queue_full`, `invalid_document`
   */
  async add(document: NewDocument): Promise<{ id: string; created: boolean }> {
    const { id, ownerId, filename, storageKey, sizeBytes, sha256, options } = document;
    const { priority = 0, force = false } = document;
    const [row] = await this.#database.query<{ id: string }>(
      "select id from quire.add_document($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      [id, ownerId, filename, storageKey, sizeBytes, sha256, options, priority, force],
    );
    // Compared rather than believed: the answer to a first attempt may have been lost.
    return { id: row?.id ?? id, created: row?.id === id };
  }

  /** @throws QuireError `document_not_found` */
  async get(id: string): Promise<DocumentSummary> {
    const [row] = await this.#database.query<DocumentSummary>(
      `select ${summaryColumns} from public.documents d where d.id = $1`,
      [assertDocumentId(id)],
    );
    if (!row) throw documentNotFound();
    return row;
  }

  /**
   * The id that begins like this: people type what they need to.
   *
   * @throws QuireError `document_not_found` if none does, or more than one
   */
  async find(idPrefix: string): Promise<string> {
    if (!/^[0-9a-f-]{4,36}$/i.test(idPrefix)) throw documentNotFound();
    const rows = await this.#database.query<{ id: string }>(
      "select id from public.documents where starts_with(id::text, $1) limit 2",
      [idPrefix.toLowerCase()],
    );
    if (rows.length !== 1 || !rows[0]) throw rows.length > 1 ? ambiguous() : documentNotFound();
    return rows[0].id;
  }

  /** The newest documents, or those of one status. */
  async list(filter: { status?: DocumentStatus | undefined; limit: number }): Promise<DocumentSummary[]> {
    return this.#database.query<DocumentSummary>(
      `select ${summaryColumns} from public.documents d where $1::text is null or d.status = $1
       order by d.created_at desc, d.id limit $2`,
      [filter.status ?? null, filter.limit],
    );
  }

  /** What went wrong with a document, the oldest first. */
  async story(id: string): Promise<FailureEntry[]> {
    return this.#database.query<FailureEntry>(
      `select to_json(f.at)#>>'{}' as at, f.code, f.message from public.document_failures f
       where f.document_id = $1 order by f.id`,
      [assertDocumentId(id)],
    );
  }

  /** The pages of the visible run in order: {@link readPages}. */
  pages(id: string): AsyncGenerator<PageResult, void, void> {
    return readPages(this.#database, id, null);
  }

  /** How it stands with an output in this format: {@link outputStanding}. @throws QuireError `document_not_found` */
  async output<Format extends string>(id: string, format: Format): Promise<OutputStanding<Format>> {
    const standing = await outputStanding(this.#database, null, id, format);
    if (!standing) throw documentNotFound();
    return standing;
  }

  /** Stops a document. @returns its status now @throws QuireError `document_not_found` */
  async cancel(id: string): Promise<DocumentStatus> {
    const [row] = await this.#database.query<{ status: DocumentStatus }>(
      "select quire.cancel_document($1) as status",
      [assertDocumentId(id)],
    );
    return row?.status as DocumentStatus;
  }

  /** Reads a document anew, beside what is there. @throws QuireError `document_not_found`, `document_busy`, `owner_queue_full`, `queue_full` */
  async reprocess(id: string): Promise<void> {
    await this.#database.query("select quire.reprocess_document($1)", [assertDocumentId(id)]);
  }

  /**
   * Queues, at the lowest priority, documents of which an older reader recognised a page, the newest first. They take at
   * most half of what may wait.
   *
   * @param filter `limit`: at most 1,000
   * @returns how many were queued, and how many remain ({@link countReadBefore})
   */
  async reprocessReadBefore(
    readerVersion: number,
    { ownerId = null, limit }: { ownerId?: string | null | undefined; limit: number },
  ): Promise<{ queued: number; remaining: number }> {
    const [row] = await this.#database.query<{ queued: number }>(
      "select quire.reprocess_read_before($1, $2, $3) as queued",
      [readerVersion, ownerId, limit],
    );
    const remaining = await this.countReadBefore(readerVersion, ownerId);
    return { queued: row?.queued ?? 0, remaining };
  }

  /** How many finished documents, whose file is still there, have pages that an older reader recognised: at most 10,000. */
  async countReadBefore(readerVersion: number, ownerId: string | null = null): Promise<number> {
    const [row] = await this.#database.query<{ count: number }>(
      "select quire.count_read_before($1, $2, $3) as count",
      [readerVersion, ownerId, countedAtMost],
    );
    return row?.count ?? 0;
  }

  /** Reads what is missing of a document that gave up. @throws as {@link reprocess} */
  async redrive(id: string): Promise<void> {
    await this.#database.query("select quire.redrive_document($1)", [assertDocumentId(id)]);
  }

  /** Documents that gave up though they may yet be read: the dead letters, the oldest first. */
  async deadLetters(limit: number): Promise<DocumentSummary[]> {
    return this.#database.query<DocumentSummary>(
      `select ${summaryColumns} from public.documents d where d.status = 'failed' and d.error_code = any($2)
       order by d.finished_at limit $1`,
      [limit, retryableCodes],
    );
  }

  /** Tells this database from every other. */
  async installationId(): Promise<string> {
    const [row] = await this.#database.query<{ id: string }>("select id from quire.installation");
    return row?.id ?? "";
  }

  /** Whether no document has been added yet. */
  async isEmpty(): Promise<boolean> {
    const rows = await this.#database.query("select from public.documents limit 1");
    return rows.length === 0;
  }

  /** Pages of the visible run that failed, and why. */
  async failedPages(id: string): Promise<{ pageNumber: number; code: ErrorCode; message: string }[]> {
    return this.#database.query(
      `select p.page_number as "pageNumber", p.error_code as code, p.error_message as message
       from public.documents d join public.pages p on p.document_id = d.id and p.run = d.visible_run
       where d.id = $1 and p.outcome = 'failed' order by p.page_number`,
      [assertDocumentId(id)],
    );
  }

  /** Bounds of the queue, which the database keeps wherever a document comes from. */
  async setLimits(limits: { maxQueuedPerOwner: number; maxQueued: number }): Promise<void> {
    await this.#database.query(
      `update quire.limits set max_queued_per_owner = $1, max_queued = $2
       where (max_queued_per_owner, max_queued) is distinct from ($1, $2)`,
      [limits.maxQueuedPerOwner, limits.maxQueued],
    );
  }
}

/** More are counted as so many: the count is for a person who decides what to do. */
const countedAtMost = 10_000;

const retryableCodes = Object.entries(errorCodes)
  .filter(([, { retryable }]) => retryable)
  .map(([code]) => code);

function ambiguous(): QuireError {
  return new QuireError(
    "document_not_found",
    "More than one document's id begins like this. Give more of it.",
  );
}
