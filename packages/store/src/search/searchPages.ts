import type { Statements } from "../database.ts";
import { cursorOf, placeOf } from "../documents/cursor.ts";
import { assertDocumentId } from "../documents/documentId.ts";
import type { OwnerAccess } from "../documents/ownerCalls.ts";
import type { PossiblePage } from "./findPages.ts";
import { type Alternative, alternativesOf, needsText, partsOf } from "./searchQuery.ts";
import { type SnippetPart, snippetOf } from "./snippet.ts";

export interface SearchOptions {
  /** Only in this document. */
  readonly documentId?: string | undefined;
  /** `next` of the part before; null or missing: from the newest document on. */
  readonly after?: string | null | undefined;
  /** At most 50 hits come at once, whatever this says. */
  readonly limit: number;
}

export interface SearchHit {
  readonly documentId: string;
  readonly filename: string;
  readonly pageNumber: number;
  /** The words around what was found. */
  readonly snippet: SnippetPart[];
}

export interface SearchHits {
  readonly hits: SearchHit[];
  /** What to ask for next; null at the end. There may be fewer hits than asked for before that. */
  readonly next: string | null;
}

const hitsAtMost = 50;
/** Pages whose text is looked through, 1 ms for a dense one, where the index alone does not tell. */
const lookedThroughAtMost = 500;
/** What `quire.words` takes of a text. */
const textCharacters = 100_000;

/**
 * Pages of an owner's documents on which the query is found (see {@link partsOf}), of the run that can be seen: those of
 * the newest document first, of a document in order.
 *
 * @throws QuireError `invalid_request` for a query that is too long, or an `after` that was not handed out
 */
export async function searchPages(
  { database, calls }: Pick<OwnerAccess, "database" | "calls">,
  query: string,
  { documentId, after, limit }: SearchOptions,
): Promise<SearchHits> {
  const place = placeOf(after);
  const alternatives = await alternativesIn(database, query);
  if (alternatives.length === 0) return { hits: [], next: null };
  const wanted = Math.min(limit, hitsAtMost);
  const looked = needsText(alternatives) ? lookedThroughAtMost : wanted;
  const candidates = await calls.findPages({
    alternatives,
    documentId: documentId === undefined ? null : assertDocumentId(documentId),
    after: place,
    limit: looked + 1,
  });

  const terms = alternatives.flatMap(({ included }) => included);
  const hits: SearchHit[] = [];
  let last: PossiblePage | undefined;
  for (const candidate of candidates.slice(0, looked)) {
    if (hits.length === wanted) break;
    last = candidate;
    if (!candidate.isHit) continue;
    const { documentId, filename, pageNumber } = candidate;
    // One by one: a page's text may be large. It may also be gone by now.
    const text = await textOf(database, candidate);
    if (text !== null) hits.push({ documentId, filename, pageNumber, snippet: snippetOf(text, terms) });
  }
  return { hits, next: last && last !== candidates.at(-1) ? cursorOf(last) : null };
}

/** The words of a query are what the database takes for words: it wrote the index. */
async function alternativesIn(database: Statements, query: string): Promise<Alternative[]> {
  const parts = partsOf(query.replaceAll("\0", " ").toWellFormed());
  const texts = [...new Set(parts.flat().map(({ text }) => text))];
  const rows = await database.query<{ text: string; words: string }>(
    "select text, quire.words(text) as words from unnest($1::text[]) text",
    [texts],
  );
  const words = new Map(rows.map((row) => [row.text, row.words.split(" ").filter(Boolean)]));
  return alternativesOf(parts, (text) => words.get(text) ?? []);
}

async function textOf(
  database: Statements,
  { documentId, run, pageNumber }: PossiblePage,
): Promise<string | null> {
  const [row] = await database.query<{ text: string }>(
    `select left(c.text, ${textCharacters}) as text from public.page_contents c
     where (c.document_id, c.run, c.page_number) = ($1, $2, $3)`,
    [documentId, run, pageNumber],
  );
  return row?.text ?? null;
}
