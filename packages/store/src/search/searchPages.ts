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
/** Pages whose text is fetched at once: a round trip for each would be felt, and a text may have 400 KB. */
const textsAtOnce = 10;

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
  const considered = candidates.slice(0, looked);
  let passed = 0;
  while (hits.length < wanted && passed < considered.length) {
    const some: PossiblePage[] = [];
    for (; some.length < Math.min(textsAtOnce, wanted - hits.length) && passed < considered.length; passed++)
      some.push(...considered.slice(passed, passed + 1).filter(({ isHit }) => isHit));
    const texts = await textsOf(database, some);
    for (const [index, { documentId, filename, pageNumber }] of some.entries()) {
      const text = texts.get(index);
      // It may be gone by now.
      if (text !== undefined)
        hits.push({ documentId, filename, pageNumber, snippet: snippetOf(text, terms) });
    }
  }
  const last = considered[passed - 1];
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

/** By their place among those that are asked for. */
async function textsOf(database: Statements, pages: readonly PossiblePage[]): Promise<Map<number, string>> {
  if (pages.length === 0) return new Map();
  const rows = await database.query<{ place: number; text: string }>(
    `select (wanted.place - 1)::int as place, left(c.text, ${textCharacters}) as text
     from unnest($1::uuid[], $2::int[], $3::int[]) with ordinality as wanted (document_id, run, page_number, place)
     join public.page_contents c using (document_id, run, page_number)`,
    [
      pages.map(({ documentId }) => documentId),
      pages.map(({ run }) => run),
      pages.map(({ pageNumber }) => pageNumber),
    ],
  );
  return new Map(rows.map(({ place, text }) => [place, text]));
}
