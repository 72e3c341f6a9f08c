import { type DocumentStatus, type PageResult, QuireError } from "@quire/core";
import type { Database } from "../database.ts";
import { type SearchHits, type SearchOptions, searchPages } from "../search/searchPages.ts";
import { type ChangesSince, changesSince } from "./changesSince.ts";
import { assertDocumentId, documentErased, documentNotFound, originalErased } from "./documentId.ts";
import { type DocumentSummary, summaryColumns } from "./documentSummary.ts";
import { Documents, type NewDocument } from "./documents.ts";
import { eraseDocument } from "./eraseDocument.ts";
import { type DocumentFilter, type DocumentList, listDocuments } from "./listDocuments.ts";
import {
  listPages,
  type PageFilter,
  type PageList,
  type PagePreview,
  type PageWithWords,
  pageWithWords,
  previewOf,
} from "./ownedPages.ts";
import { readPages } from "./readPages.ts";
import { type Standing, standingOf } from "./standing.ts";

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

  /** Adds a document whose file is stored, and queues it: {@link Documents.add}. @throws QuireError `document_erased` */
  add(document: Omit<NewDocument, "ownerId">): Promise<{ id: string; created: boolean }> {
    return this.#documents.add({ ...document, ownerId: this.#ownerId });
  }

  /** The newest first: {@link listDocuments}. */
  list(filter: DocumentFilter): Promise<DocumentList> {
    return listDocuments(this.#database, this.#ownerId, filter);
  }

  async get(id: string): Promise<DocumentSummary> {
    const [row] = await this.#database.query<DocumentSummary>(
      `select ${summaryColumns} from public.documents d where d.id = $1 and d.owner_id = $2`,
      [assertDocumentId(id), this.#ownerId],
    );
    return row ?? this.#refuse(id);
  }

  /** @throws QuireError `original_erased` */
  async original(id: string): Promise<OriginalFile> {
    const [row] = await this.#database.query<OriginalFile & { isErased: boolean }>(
      `select d.storage_key as key, d.filename, d.size_bytes::float8 as "sizeBytes",
         d.content_type as "contentType", d.sha256, d.original_erased_at is not null as "isErased"
       from public.documents d where d.id = $1 and d.owner_id = $2`,
      [assertDocumentId(id), this.#ownerId],
    );
    if (row?.isErased) throw originalErased();
    return row ?? this.#refuse(id);
  }

  /** The pages that can be seen, in order, without their text. */
  async listPages(id: string, filter: PageFilter): Promise<PageList> {
    const list = await listPages(this.#database, this.#ownerId, assertDocumentId(id), filter);
    if (list.pages.length === 0) await this.#assertThere(id);
    return list;
  }

  /** @throws QuireError `page_not_found` */
  async page(id: string, pageNumber: number): Promise<PageWithWords> {
    const page = await pageWithWords(this.#database, this.#ownerId, assertDocumentId(id), pageNumber);
    return page ?? this.#refusePage(id);
  }

  /** @throws QuireError `page_not_found`, also if the page has no picture */
  async preview(id: string, pageNumber: number): Promise<PagePreview> {
    const preview = await previewOf(this.#database, this.#ownerId, assertDocumentId(id), pageNumber);
    return preview ?? this.#refusePage(id);
  }

  /** The pages that can be seen, in order, one by one. @throws QuireError `document_busy`, see {@link readPages} */
  async *pages(id: string): AsyncGenerator<PageResult, void, void> {
    await this.#assertThere(id);
    yield* readPages(this.#database, id, this.#ownerId);
  }

  /** What has changed of a document after one of its changes: {@link changesSince}. */
  async changesSince(id: string, revision: number): Promise<ChangesSince> {
    const changes = await changesSince(this.#database, this.#ownerId, assertDocumentId(id), revision);
    return changes ?? this.#refuse(id);
  }

  /** Place in the queue and time left: {@link standingOf}. */
  standing(ids: readonly string[]): Promise<Map<string, Standing>> {
    return standingOf(this.#database, this.#ownerId, ids);
  }

  /** Pages on which something is found: {@link searchPages}. */
  search(query: string, options: SearchOptions): Promise<SearchHits> {
    return searchPages(this.#database, this.#ownerId, query, options);
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
    const rows = await this.#database.query(
      "select from public.documents d where d.id = $1 and d.owner_id = $2",
      [assertDocumentId(id), this.#ownerId],
    );
    if (rows.length === 0) await this.#refuse(id);
  }

  async #refuse(id: string): Promise<never> {
    const erased = await this.#database.query(
      "select from public.erased_documents e where e.document_id = $1 and e.owner_id = $2",
      [id, this.#ownerId],
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
}
