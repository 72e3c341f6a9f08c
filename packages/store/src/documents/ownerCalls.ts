import type { DocumentStatus } from "@quire/core";
import type { Statements } from "../database.ts";
import type { PagesWanted, PossiblePage } from "../search/findPages.ts";
import type { NewDocument } from "./documents.ts";
import type { Standing } from "./standing.ts";

/** What was stored for a document that is erased now. */
export interface ErasedFiles {
  /** Null: the file is another document's as well, or another owner's. */
  readonly storage_key: string | null;
  readonly previews: { readonly run: number; readonly claim: number; readonly pageNumber: number }[];
  readonly outputs: { readonly run: number; readonly claim: number; readonly format: string }[];
}

export type OwnNewDocument = Omit<NewDocument, "ownerId">;

/**
 * The schema's functions that work on an owner's documents. The service names the owner; a signed-in user is named by
 * the database itself, which has other functions for that.
 *
 * Whatever takes a document's id throws QuireError `document_not_found`, or `document_erased` if it was this owner's.
 */
export interface OwnerCalls {
  /** @returns the document's id, or that of one with the same content */
  add(document: OwnNewDocument): Promise<string>;
  /** @throws QuireError `owner_queue_full`, `queue_full` */
  assertRoom(): Promise<void>;
  cancel(id: string): Promise<DocumentStatus>;
  redrive(id: string): Promise<void>;
  reprocess(id: string): Promise<void>;
  /** @returns null where it was erased before */
  erase(id: string): Promise<ErasedFiles | null>;
  standing(ids: readonly string[]): Promise<(Standing & { readonly id: string })[]>;
  findPages(wanted: PagesWanted): Promise<PossiblePage[]>;
}

/** Whose documents, and with which rights they are worked on. */
export interface OwnerAccess {
  readonly ownerId: string;
  readonly database: Statements;
  readonly calls: OwnerCalls;
}

/** How both name the columns. */
export const standingColumns = `s.id, s.queue_position as "queuePosition", s.seconds_left as "secondsLeft"`;
