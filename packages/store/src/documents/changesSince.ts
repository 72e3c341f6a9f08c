import type { Statements } from "../database.ts";
import { type DocumentSummary, summaryColumns } from "./documentSummary.ts";
import { type PageSummary, pageSummaryColumns } from "./pageSummary.ts";

/** What has changed of a document since one of its changes. */
export interface ChangesSince {
  readonly document: DocumentSummary;
  /** The pages that can be seen and were saved since, in that order: at most 200. */
  readonly pages: PageSummary[];
  /** There are more of them: ask again with the revision of the last one. */
  readonly hasMore: boolean;
}

/** As many as MAX_PAGES allows by default. */
const pagesAtMost = 200;

/**
 * In one statement, and so of one moment: the pages are those of the document's revision, no fewer and no more.
 *
 * While a document is being read anew, the pages of that run cannot be seen and are not told, only that it goes on. When
 * they take the place of the old ones, which `isBeingReadAnew` tells, all pages have to be asked for anew.
 *
 * @returns null if it is none of the owner's
 */
export async function changesSince(
  database: Statements,
  ownerId: string,
  id: string,
  revision: number,
): Promise<ChangesSince | null> {
  const [row] = await database.query<DocumentSummary & { pages: PageSummary[] }>(
    `select ${summaryColumns}, (
       select coalesce(json_agg(p order by p.revision), '[]') from (
         select ${pageSummaryColumns} from public.pages p
         where p.document_id = d.id and p.run = d.visible_run and p.revision > $3::bigint
         order by p.revision limit ${pagesAtMost + 1}
       ) p
     ) as pages
     from public.documents d where d.id = $1 and d.owner_id = $2`,
    [id, ownerId, revision],
  );
  if (!row) return null;
  const { pages, ...document } = row;
  return { document, pages: pages.slice(0, pagesAtMost), hasMore: pages.length > pagesAtMost };
}
