import { countUncertainNumbers, type Word } from "@quire/core";
import type { Statements } from "../database.ts";
import { previewKey } from "../files/previewKey.ts";
import { listedAtMost } from "./listDocuments.ts";
import { type PageSummary, pageSummaryColumns } from "./pageSummary.ts";
import { readStoredWords, type StoredWord } from "./storedWords.ts";

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

export interface PageFilter {
  /** `next` of the part before; 0 or missing: from the first page on. */
  readonly after?: number | undefined;
  /** At most 200 are listed at once, whatever this says. */
  readonly limit: number;
}

export interface PageList {
  readonly pages: PageSummary[];
  /** What to ask for next; null at the end. */
  readonly next: number | null;
}

/** The pages `p` that can be seen of a document `d`, $1, if it is the owner's, $2. */
const visiblePages = `
  from public.documents d join public.pages p on p.document_id = d.id and p.run = d.visible_run`;
const ofOwner = "where d.id = $1 and d.owner_id = $2";

/** The pages that can be seen, in order, without their text; none of what is not the owner's. */
export async function listPages(
  database: Statements,
  ownerId: string,
  documentId: string,
  { after = 0, limit }: PageFilter,
): Promise<PageList> {
  const listed = Math.min(limit, listedAtMost);
  const rows = await database.query<PageSummary>(
    `select ${pageSummaryColumns} ${visiblePages} ${ofOwner} and p.page_number > $3::bigint
     order by p.page_number limit $4`,
    [documentId, ownerId, after, listed + 1],
  );
  const pages = rows.slice(0, listed);
  return { pages, next: rows.length > listed ? (pages.at(-1)?.pageNumber ?? null) : null };
}

/** @returns null if there is no such page to be seen */
export async function pageWithWords(
  database: Statements,
  ownerId: string,
  documentId: string,
  pageNumber: number,
): Promise<PageWithWords | null> {
  const [row] = await database.query<PageSummary & { text: string; words: StoredWord[] }>(
    `select ${pageSummaryColumns}, c.text, c.words ${visiblePages}
       join public.page_contents c using (document_id, run, page_number)
     ${ofOwner} and p.page_number = $3::bigint`,
    [documentId, ownerId, pageNumber],
  );
  if (!row) return null;
  const { text, words: stored, ...summary } = row;
  const words = readStoredWords(stored, summary.outcome);
  const uncertainNumbers = summary.uncertainNumbers ?? countUncertainNumbers(words);
  return { summary: { ...summary, uncertainNumbers }, text, words };
}

/** @returns null if there is no such page to be seen, or it has no picture */
export async function previewOf(
  database: Statements,
  ownerId: string,
  documentId: string,
  pageNumber: number,
): Promise<PagePreview | null> {
  const [row] = await database.query<Omit<PagePreview, "key"> & { documentId: string }>(
    `select d.id as "documentId", p.preview_bytes as "sizeBytes", p.run, p.claim ${visiblePages}
     ${ofOwner} and p.page_number = $3::bigint and p.preview_bytes is not null`,
    [documentId, ownerId, pageNumber],
  );
  if (!row) return null;
  const { sizeBytes, run, claim } = row;
  return {
    key: previewKey({ ownerId, documentId: row.documentId, run, claim, pageNumber }),
    sizeBytes,
    run,
    claim,
  };
}
