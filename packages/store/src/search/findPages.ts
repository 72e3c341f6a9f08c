import type { Place } from "../documents/cursor.ts";
import type { Alternative } from "./searchQuery.ts";

/** Which pages are looked for: see `quire.find_pages`. */
export interface PagesWanted {
  readonly alternatives: readonly Alternative[];
  /** Null: in every document. */
  readonly documentId: string | null;
  /** Where to go on; null: from the start. */
  readonly after: Place | null;
  /** At most 501. */
  readonly limit: number;
}

/** A page that may be meant. */
export interface PossiblePage extends Place {
  readonly filename: string;
  readonly run: number;
  /** The index tells what has all the words; whether the text has them as they were asked for, is seen in the text. */
  readonly isHit: boolean;
}

/** What a {@link PossiblePage} is made of, of the row `found`. */
export const possiblePageColumns = `
  found.document_id as "documentId", found.filename, found.run, found.page_number as "pageNumber",
  found.created_micros as "createdMicros", found.is_hit as "isHit"`;

/** In the order of the function's parameters, behind the owner. */
export function wantedValues({ alternatives, documentId, after, limit }: PagesWanted): unknown[] {
  return [
    JSON.stringify(alternatives),
    documentId,
    after?.createdMicros ?? null,
    after?.documentId ?? null,
    after?.pageNumber ?? null,
    limit,
  ];
}
