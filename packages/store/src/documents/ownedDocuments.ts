import { type DocumentStatus, type PageResult, QuireError, type Word } from "@quire/core";
import type { Database } from "../database.ts";
import { previewKey } from "../files/previewKey.ts";
import { type SearchHits, type SearchOptions, searchPages } from "../search/searchPages.ts";
import { type ChangesSince, changesSince } from "./changesSince.ts";
import { assertDocumentId, documentErased, documentNotFound } from "./documentId.ts";
import { type DocumentSummary, summaryColumns } from "./documentSummary.ts";
import { Documents, type NewDocument } from "./documents.ts";
import { eraseDocument } from "./eraseDocument.ts";
import { type DocumentFilter, type DocumentList, listDocuments, listedAtMost } from "./listDocuments.ts";
import { type PageSummary, pageSummaryColumns } from "./pageSummary.ts";
import { readPages } from "./readPages.ts";
import { type Standing, standingOf } from "./standing.ts";

/** A page with what was read on it. */
export interface PageWithWords {
  readonly summary: PageSummary;
  readonly text: string;
  readonly words: Word[];
}

/** Where a page's picture (WebP) lies in the file store. What it shows changes only with `run` or `claim`. */
export interface PagePreview {
  readonly key: string;
  readonly sizeBytes: number;
  readonly run: number;
  readonly claim: number;
}

/** Where the file that was uploaded lies in the file store. */
export interface OriginalFile {
  readonly key: string;
  readonly filename: string;
  readonly sizeBytes: number;
  /** Null until the document has been opened. */
  readonly contentType: string | null;
  readonly sha256: string | null;
}

/**
 * One owner's documents, for the API: every statement is limited to the owner, so that of another's document there is
 * no telling that it exists.
 *
 * Whatever takes a document's id throws QuireError `document_not_found`, or `document_erased` if it was this owner's.
 */
export class OwnedDocuments {
  readonly #database: Database;
  readonly #documents: Documents;
  readonly #ownerId: string;

  constructor(database: Database, ownerId: string) {
    this.#database = database;
    this.#documents = new Documents(database);
    this.#ownerId = ownerId;
  }

  /** The newest first: {@link listDocuments}. */
  list(filter: DocumentFilter): Promise<DocumentList> {
    return listDocuments(this.#database, this.#ownerId, filter);
  }

  async get(id: string): Promise<DocumentSummary> {
    const [row] = await this.#rows<DocumentSummary>(
      id,
      `select ${summaryColumns} from public.documents d where d.id = $1 and d.owner_id = $2`,
    );
    return row ?? this.#refuse(id);
  }

  /**
   * The pages that can be seen, in order, without their text.
   *
   * @param after the last page of the part before, `next` of it; 0: from the first on
   * @param limit at most 200 are listed at once, whatever this says
   */
  async listPages(
    id: string,
    { after = 0, limit }: { after?: number; limit: number },
  ): Promise<{ pages: PageSummary[]; next: number | null }> {
    const listed = Math.min(limit, listedAtMost);
    const rows = await this.#rows<PageSummary>(
      id,
      `select ${pageSummaryColumns} from public.documents d
         join public.pages p on p.document_id = d.id and p.run = d.visible_run
       where d.id = $1 and d.owner_id = $2 and p.page_number > $3::bigint order by p.page_number limit $4`,
      [after, listed + 1],
    );
    if (rows.length === 0) await this.#assertThere(id);
    const pages = rows.slice(0, listed);
    return { pages, next: rows.length > listed ? (pages.at(-1)?.pageNumber ?? null) : null };
  }

  /** @throws QuireError `page_not_found` */
  async page(id: string, pageNumber: number): Promise<PageWithWords> {
    const [row] = await this.#rows<PageSummary & Omit<PageWithWords, "summary">>(
      id,
      `select ${pageSummaryColumns}, c.text, c.words from public.documents d
         join public.pages p on p.document_id = d.id and p.run = d.visible_run
         join public.page_contents c using (document_id, run, page_number)
       where d.id = $1 and d.owner_id = $2 and p.page_number = $3::bigint`,
      [pageNumber],
    );
    if (!row) return this.#refusePage(id);
    const { text, words, ...summary } = row;
    return { summary, text, words };
  }

  /** The pages that can be seen, in order, one by one. @throws QuireError `document_busy`, see {@link readPages} */
  async *pages(id: string): AsyncGenerator<PageResult, void, void> {
    await this.#assertThere(id);
    yield* readPages(this.#database, id, this.#ownerId);
  }

  /** @throws QuireError `page_not_found`, also if the page has no picture */
  async preview(id: string, pageNumber: number): Promise<PagePreview> {
    const [row] = await this.#rows<Omit<PagePreview, "key"> & { documentId: string }>(
      id,
      `select d.id as "documentId", p.preview_bytes as "sizeBytes", p.run, p.claim from public.documents d
         join public.pages p on p.document_id = d.id and p.run = d.visible_run
       where d.id = $1 and d.owner_id = $2 and p.page_number = $3::bigint and p.preview_bytes is not null`,
      [pageNumber],
    );
    if (!row) return this.#refusePage(id);
    const { documentId, sizeBytes, run, claim } = row;
    const key = previewKey({ ownerId: this.#ownerId, documentId, run, claim, pageNumber });
    return { key, sizeBytes, run, claim };
  }

  async original(id: string): Promise<OriginalFile> {
    const [row] = await this.#rows<OriginalFile>(
      id,
      `select d.storage_key as key, d.filename, d.size_bytes::float8 as "sizeBytes",
         d.content_type as "contentType", d.sha256
       from public.documents d where d.id = $1 and d.owner_id = $2`,
    );
    return row ?? this.#refuse(id);
  }

  /** Adds a document whose file is stored, and queues it: {@link Documents.add}. */
  add(document: Omit<NewDocument, "ownerId">): Promise<{ id: string; created: boolean }> {
    return this.#documents.add({ ...document, ownerId: this.#ownerId });
  }

  /** Stops a document. @returns its status now */
  cancel(id: string): Promise<DocumentStatus> {
    return this.#ifThere(id, () => this.#documents.cancel(id));
  }

  /** Reads what is missing of a document that gave up. @throws as {@link Documents.redrive} */
  redrive(id: string): Promise<void> {
    return this.#ifThere(id, () => this.#documents.redrive(id));
  }

  /** Reads a document anew, beside what is there. @throws as {@link Documents.reprocess} */
  reprocess(id: string): Promise<void> {
    return this.#ifThere(id, () => this.#documents.reprocess(id));
  }

  /** Erases a document: {@link eraseDocument}. Erasing it again is no error. */
  async erase(id: string): Promise<{ keys: string[] }> {
    return { keys: await eraseDocument(this.#database, this.#ownerId, assertDocumentId(id)) };
  }

  /** What has changed of a document after one of its changes: {@link changesSince}. */
  async changesSince(id: string, revision: number): Promise<ChangesSince> {
    const changes = await changesSince(this.#database, this.#ownerId, assertDocumentId(id), revision);
    return changes ?? this.#refuse(id);
  }

  /** Pages on which something is found: {@link searchPages}. */
  search(query: string, options: SearchOptions): Promise<SearchHits> {
    return searchPages(this.#database, this.#ownerId, query, options);
  }

  /** Place in the queue and time left: {@link standingOf}. */
  standing(ids: readonly string[]): Promise<Map<string, Standing>> {
    return standingOf(this.#database, this.#ownerId, ids);
  }

  /** A document never changes its owner, so whose it is may be asked first. It may be erased in between. */
  async #ifThere<Result>(id: string, act: () => Promise<Result>): Promise<Result> {
    await this.#assertThere(id);
    try {
      return await act();
    } catch (error) {
      if (error instanceof QuireError && error.code === "document_not_found") await this.#assertThere(id);
      throw error;
    }
  }

  async #assertThere(id: string): Promise<void> {
    const rows = await this.#rows(id, "select from public.documents d where d.id = $1 and d.owner_id = $2");
    if (rows.length === 0) await this.#refuse(id);
  }

  async #refuse(id: string): Promise<never> {
    const erased = await this.#rows(
      id,
      "select from public.erased_documents e where e.document_id = $1 and e.owner_id = $2",
    );
    throw erased.length > 0 ? documentErased() : documentNotFound();
  }

  async #refusePage(id: string): Promise<never> {
    await this.#assertThere(id);
    throw new QuireError(
      "page_not_found",
      "The document has no such page, or it has not been read yet. Its page count says which there will be.",
    );
  }

  /** Rows of a statement whose first values are the document and its owner. */
  async #rows<Row extends object>(
    id: string,
    statement: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.#database.query<Row>(statement, [assertDocumentId(id), this.#ownerId, ...values]);
  }
}
