import type { DocumentOptions, DocumentStatus, ErrorCode, Lane, PageOutcome, Word } from "@quire/core";
import { errorCodes, type PageResult, QuireError } from "@quire/core";
import type { Database } from "../database.ts";

/** A document as people see it. Times are ISO 8601; counts are of the current run. */
export interface DocumentSummary {
  readonly id: string;
  readonly filename: string;
  readonly status: DocumentStatus;
  readonly lane: Lane;
  /** Null until the document has been opened. */
  readonly contentType: string | null;
  readonly sizeBytes: number;
  readonly pageCount: number | null;
  readonly pagesDone: number;
  readonly pagesFailed: number;
  readonly failures: number;
  readonly stalls: number;
  readonly errorCode: ErrorCode | null;
  readonly errorMessage: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface NewDocument {
  readonly id: string;
  readonly ownerId: string;
  readonly filename: string;
  readonly storageKey: string;
  readonly sizeBytes: number;
  readonly sha256: string;
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

const summary = `
  d.id, d.filename, d.status, d.lane, d.content_type as "contentType",
  d.size_bytes::float8 as "sizeBytes", d.page_count as "pageCount",
  d.pages_done as "pagesDone", d.pages_failed as "pagesFailed", d.failures, d.stalls,
  d.error_code as "errorCode", d.error_message as "errorMessage",
  to_json(d.created_at)#>>'{}' as "createdAt", to_json(d.started_at)#>>'{}' as "startedAt",
  to_json(d.finished_at)#>>'{}' as "finishedAt"`;

/** The documents of one database, for the command line and the API. */
export class Documents {
  readonly #database: Database;

  constructor(database: Database) {
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
      `select ${summary} from public.documents d where d.id = $1`,
      [uuid(id)],
    );
    if (!row) throw notFound();
    return row;
  }

  /**
   * The id that begins like this: people type what they need to.
   *
   * @throws QuireError `document_not_found` if none does, or more than one
   */
  async find(idPrefix: string): Promise<string> {
    if (!/^[0-9a-f-]{4,36}$/i.test(idPrefix)) throw notFound();
    const rows = await this.#database.query<{ id: string }>(
      "select id from public.documents where starts_with(id::text, $1) limit 2",
      [idPrefix.toLowerCase()],
    );
    if (rows.length !== 1 || !rows[0]) throw notFound(rows.length > 1);
    return rows[0].id;
  }

  /** The newest documents, or those of one status. */
  async list(filter: { status?: DocumentStatus | undefined; limit: number }): Promise<DocumentSummary[]> {
    return this.#database.query<DocumentSummary>(
      `select ${summary} from public.documents d where $1::text is null or d.status = $1
       order by d.created_at desc, d.id limit $2`,
      [filter.status ?? null, filter.limit],
    );
  }

  /** What went wrong with a document, the oldest first. */
  async story(id: string): Promise<FailureEntry[]> {
    return this.#database.query<FailureEntry>(
      `select to_json(f.at)#>>'{}' as at, f.code, f.message from public.document_failures f
       where f.document_id = $1 order by f.id`,
      [uuid(id)],
    );
  }

  /**
   * The pages of the visible run in order, fetched one by one: a document's text may be large.
   *
   * @throws QuireError `document_not_found`; `document_busy` if another run became the visible one meanwhile: what was
   *   handed out is of the old one, and must not be mixed with the new
   */
  async *pages(id: string): AsyncGenerator<PageResult, void, void> {
    let run: number | null = null;
    for (let after = 0; ; ) {
      const [row] = await this.#database.query<PageRow>(
        `select d.visible_run as run, p.*
         from public.documents d left join lateral (
           select p.page_number, p.outcome, p.mean_confidence, p.width, p.height, p.dpi, p.rotation, p.duration_ms,
             p.warnings, p.error_code, p.error_message, c.text, c.words
           from public.pages p join public.page_contents c using (document_id, run, page_number)
           where p.document_id = d.id and p.run = d.visible_run and p.page_number > $2
           order by p.page_number limit 1
         ) p on true where d.id = $1`,
        [uuid(id), after],
      );
      if (!row) throw notFound();
      run ??= row.run;
      if (row.run !== run)
        throw new QuireError("document_busy", "The document has been read anew meanwhile. Ask for it again.");
      const { page_number } = row;
      if (page_number === null) return;
      after = page_number;
      yield pageOf({ ...row, page_number });
    }
  }

  /** Stops a document. @returns its status now @throws QuireError `document_not_found` */
  async cancel(id: string): Promise<DocumentStatus> {
    const [row] = await this.#database.query<{ status: DocumentStatus }>(
      "select quire.cancel_document($1) as status",
      [uuid(id)],
    );
    return row?.status as DocumentStatus;
  }

  /** Reads a document anew, beside what is there. @throws QuireError `document_not_found`, `document_busy`, `owner_queue_full`, `queue_full` */
  async reprocess(id: string): Promise<void> {
    await this.#database.query("select quire.reprocess_document($1)", [uuid(id)]);
  }

  /** Reads what is missing of a document that gave up. @throws as {@link reprocess} */
  async redrive(id: string): Promise<void> {
    await this.#database.query("select quire.redrive_document($1)", [uuid(id)]);
  }

  /** Documents that gave up though they may yet be read: the dead letters, the oldest first. */
  async deadLetters(limit: number): Promise<DocumentSummary[]> {
    return this.#database.query<DocumentSummary>(
      `select ${summary} from public.documents d where d.status = 'failed' and d.error_code = any($2)
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
      [uuid(id)],
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

interface PageRow {
  readonly run: number;
  /** Null, as all that follows, after the last page. */
  readonly page_number: number | null;
  readonly outcome: PageOutcome;
  readonly mean_confidence: number | null;
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  readonly rotation: PageResult["rotation"];
  readonly duration_ms: number;
  readonly warnings: PageResult["warnings"];
  readonly error_code: ErrorCode | null;
  readonly error_message: string | null;
  readonly text: string;
  readonly words: Word[];
}

function pageOf(row: PageRow & { page_number: number }): PageResult {
  return {
    pageNumber: row.page_number,
    outcome: row.outcome,
    text: row.text,
    words: row.words,
    meanConfidence: row.mean_confidence,
    width: row.width,
    height: row.height,
    dpi: row.dpi,
    rotation: row.rotation,
    durationMs: row.duration_ms,
    warnings: row.warnings,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? "" },
  };
}

const retryableCodes = Object.entries(errorCodes)
  .filter(([, { retryable }]) => retryable)
  .map(([code]) => code);

function uuid(id: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw notFound();
  return id;
}

function notFound(ambiguous = false): QuireError {
  return new QuireError(
    "document_not_found",
    ambiguous
      ? "More than one document's id begins like this. Give more of it."
      : "There is no such document. `quire list` shows those there are.",
  );
}
