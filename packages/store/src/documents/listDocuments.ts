import type { DocumentStatus } from "@quire/core";
import type { Statements } from "../database.ts";
import { createdAtOf, createdMicros, cursorOf, placeOf } from "./cursor.ts";
import { type DocumentSummary, summaryColumns } from "./documentSummary.ts";

export interface DocumentFilter {
  readonly status?: DocumentStatus | undefined;
  /** `next` of the part before; null or missing: from the newest on. */
  readonly after?: string | null | undefined;
  /** At most 200 are listed at once, whatever this says. */
  readonly limit: number;
}

export interface DocumentList {
  readonly documents: DocumentSummary[];
  /** What to ask for next; null at the end. */
  readonly next: string | null;
}

/** A row has a few hundred bytes, an error message at most 2,000. */
export const listedAtMost = 200;

/**
 * The documents of an owner, the newest first. One that is added meanwhile shifts nothing: a part begins after the
 * document at which the one before ended, also when that one is gone.
 *
 * @throws QuireError `invalid_request` for an `after` that was not handed out
 */
export async function listDocuments(
  database: Statements,
  ownerId: string,
  { status, after, limit }: DocumentFilter,
): Promise<DocumentList> {
  const place = placeOf(after);
  const listed = Math.min(limit, listedAtMost);
  const rows = await database.query<DocumentSummary & { createdMicros: string }>(
    `select ${summaryColumns}, ${createdMicros} as "createdMicros" from public.documents d
     where d.owner_id = $1 and ($2::text is null or d.status = $2)
       and ($3::text is null or (d.created_at, d.id) < (${createdAtOf("$3")}, $4::uuid))
     order by d.created_at desc, d.id desc limit $5`,
    [ownerId, status ?? null, place?.createdMicros ?? null, place?.documentId ?? null, listed + 1],
  );
  const last = rows.length > listed ? rows[listed - 1] : undefined;
  return {
    documents: rows.slice(0, listed).map(({ createdMicros: _, ...document }) => document),
    next: last ? cursorOf({ createdMicros: last.createdMicros, documentId: last.id, pageNumber: 0 }) : null,
  };
}
