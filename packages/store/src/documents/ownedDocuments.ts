import { type DocumentStatus, type PageResult, QuireError } from "@quire/core";
import type { Database, Statements } from "../database.ts";
import { type OutputStanding, outputStanding } from "../outputs/outputStanding.ts";
import { type SearchHits, type SearchOptions, searchPages } from "../search/searchPages.ts";
import type { UserClaims } from "../userQuery.ts";
import { assertThere, refuseMissing } from "./assertThere.ts";
import { type ChangesSince, changesSince } from "./changesSince.ts";
import { assertDocumentId, originalErased } from "./documentId.ts";
import { type DocumentSummary, summaryColumns } from "./documentSummary.ts";
import { keysOfErased } from "./keysOfErased.ts";
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
import type { OwnerCalls, OwnNewDocument } from "./ownerCalls.ts";
import { readPages } from "./readPages.ts";
import { revisionsOf } from "./revisionsOf.ts";
import { ServiceCalls } from "./serviceCalls.ts";
import { type Standing, standingOf } from "./standing.ts";
import { UserCalls } from "./userCalls.ts";

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
  readonly #database: Statements;
  readonly #ownerId: string;
  readonly #calls: OwnerCalls;

  /** As the service, which may do everything: then what keeps owners apart is these statements. */
  constructor(
    database: Statements,
    ownerId: string,
    calls: OwnerCalls = new ServiceCalls(database, ownerId),
  ) {
    this.#database = database;
    this.#ownerId = ownerId;
    this.#calls = calls;
  }

  /** As a signed-in user: the database keeps owners apart, whatever a statement asks for. */
  static ofUser(database: Database, claims: UserClaims): OwnedDocuments {
    const user = database.asUser(claims);
    return new OwnedDocuments(user, claims.sub, new UserCalls(user));
  }

  /**
   * Adds a document whose file is stored, and queues it: {@link Documents.add}.
   *
   * @throws QuireError `document_erased`, and as there
   */
  async add(document: OwnNewDocument): Promise<{ id: string; created: boolean }> {
    const id = await this.#calls.add(document);
    return { id, created: id === document.id };
  }

  /** Whether another document could be queued now. @throws QuireError `owner_queue_full`, `queue_full` */
  assertRoom(): Promise<void> {
    return this.#calls.assertRoom();
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
    if (!row) return this.#refuse(id);
    const { isErased, ...original } = row;
    if (isErased) throw originalErased();
    return original;
  }

  /** How it stands with an output in this format: {@link outputStanding}. */
  async output<Format extends string>(id: string, format: Format): Promise<OutputStanding<Format>> {
    const standing = await outputStanding(this.#database, this.#ownerId, id, format);
    return standing ?? this.#refuse(id);
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

  /** The number of each document's last change: {@link revisionsOf}. */
  revisions(ids: readonly string[]): Promise<Map<string, number>> {
    return revisionsOf(this.#database, this.#ownerId, ids);
  }

  /** Place in the queue and time left: {@link standingOf}. */
  standing(ids: readonly string[]): Promise<Map<string, Standing>> {
    return standingOf(this.#calls, ids);
  }

  /** Pages on which something is found: {@link searchPages}. */
  search(query: string, options: SearchOptions): Promise<SearchHits> {
    return searchPages({ database: this.#database, calls: this.#calls }, query, options);
  }

  /** Stops a document. @returns its status now */
  async cancel(id: string): Promise<DocumentStatus> {
    return this.#calls.cancel(assertDocumentId(id));
  }

  /** Reads what is missing of a document that gave up. @throws as {@link Documents.redrive} */
  async redrive(id: string): Promise<void> {
    return this.#calls.redrive(assertDocumentId(id));
  }

  /** Reads a document anew, beside what is there. @throws as {@link Documents.reprocess} */
  async reprocess(id: string): Promise<void> {
    return this.#calls.reprocess(assertDocumentId(id));
  }

  /**
   * Erases a document with all that was read of it; that it was there is still known. Erasing it again is no error.
   *
   * @returns the keys of its files, to be deleted now: what is left of them a worker deletes within minutes
   */
  async erase(id: string): Promise<{ keys: string[] }> {
    const erased = await this.#calls.erase(assertDocumentId(id));
    return { keys: keysOfErased(this.#ownerId, id.toLowerCase(), erased) };
  }

  #assertThere(id: string): Promise<void> {
    return assertThere(this.#database, this.#ownerId, id);
  }

  #refuse(id: string): Promise<never> {
    return refuseMissing(this.#database, this.#ownerId, id);
  }

  async #refusePage(id: string): Promise<never> {
    await this.#assertThere(id);
    throw new QuireError(
      "page_not_found",
      "The document has no such page, or it has not been read yet. Its page count says which there will be.",
    );
  }
}
