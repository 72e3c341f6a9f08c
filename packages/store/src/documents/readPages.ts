import { type PageResult, QuireError } from "@quire/core";
import type { Statements } from "../database.ts";
import { assertDocumentId, documentNotFound } from "./documentId.ts";
import { type PageFacts, pageColumns } from "./pageSummary.ts";
import { readStoredWords, type StoredWord } from "./storedWords.ts";

/** The visible run, and its next page; without a number where there is none. */
type PageRow = { readonly run: number } & (StoredPage | { readonly pageNumber: null });
type StoredPage = PageFacts & { readonly text: string; readonly words: readonly StoredWord[] };

/**
 * The pages of the visible run in order, fetched one by one: a document's text may be large.
 *
 * @param ownerId whose document it must be; null: anybody's
 * @throws QuireError `document_not_found`; `document_busy` if another run became the visible one meanwhile: what was
 *   handed out is of the old one, and must not be mixed with the new
 */
export async function* readPages(
  database: Statements,
  id: string,
  ownerId: string | null,
): AsyncGenerator<PageResult, void, void> {
  let visibleRun: number | null = null;
  for (let after = 0; ; ) {
    const [row] = await database.query<PageRow>(
      `select d.visible_run as run, p.*
       from public.documents d left join lateral (
         select ${pageColumns}, c.text, c.words
         from public.pages p join public.page_contents c using (document_id, run, page_number)
         where p.document_id = d.id and p.run = d.visible_run and p.page_number > $2
         order by p.page_number limit 1
       ) p on true where d.id = $1 and ($3::uuid is null or d.owner_id = $3)`,
      [assertDocumentId(id), after, ownerId],
    );
    if (!row) throw documentNotFound();
    visibleRun ??= row.run;
    if (row.run !== visibleRun)
      throw new QuireError("document_busy", "The document has been read anew meanwhile. Ask for it again.");
    if (row.pageNumber === null) return;
    const { run: _, pageNumber, outcome, text, words, missingLanguage, ...facts } = row;
    after = pageNumber;
    // In the order in which an engine hands it back, which is that of the JSON.
    yield {
      pageNumber,
      outcome,
      text,
      words: readStoredWords(words, outcome),
      ...facts,
      ...(missingLanguage === null ? {} : { missingLanguage }),
    };
  }
}
