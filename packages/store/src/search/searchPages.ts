import type { Database } from "../database.ts";
import { createdAtOf, createdMicros, cursorOf, type Place, placeOf } from "../documents/cursor.ts";
import { assertDocumentId } from "../documents/documentId.ts";
import {
  type Alternative,
  alternativesOf,
  indexQueryOf,
  likePattern,
  needsText,
  partsOf,
  type Term,
} from "./searchQuery.ts";
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

interface Candidate extends Place {
  readonly filename: string;
  readonly run: number;
  readonly isHit: boolean;
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
  database: Database,
  ownerId: string,
  query: string,
  { documentId, after, limit }: SearchOptions,
): Promise<SearchHits> {
  const place = placeOf(after);
  const alternatives = await alternativesIn(database, query);
  if (alternatives.length === 0) return { hits: [], next: null };
  const wanted = Math.min(limit, hitsAtMost);
  const looked = needsText(alternatives) ? lookedThroughAtMost : wanted;
  const within = documentId === undefined ? null : assertDocumentId(documentId);
  const values = [
    ...[ownerId, indexQueryOf(alternatives, ownerId), within],
    ...[place?.createdMicros ?? null, place?.documentId ?? null, place?.pageNumber ?? null, looked + 1],
  ];
  const candidates = await candidatesOf(database, alternatives, values);

  const terms = alternatives.flatMap(({ included }) => included);
  const hits: SearchHit[] = [];
  let last: Candidate | undefined;
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
async function alternativesIn(database: Database, query: string): Promise<Alternative[]> {
  const parts = partsOf(query.replaceAll("\0", " ").toWellFormed());
  const texts = [...new Set(parts.flat().map(({ text }) => text))];
  const rows = await database.query<{ text: string; words: string }>(
    "select text, quire.words(text) as words from unnest($1::text[]) text",
    [texts],
  );
  const words = new Map(rows.map((row) => [row.text, row.words.split(" ").filter(Boolean)]));
  return alternativesOf(parts, (text) => words.get(text) ?? []);
}

/** The pages that may be meant, in order, and of each whether it is. */
async function candidatesOf(
  database: Database,
  alternatives: readonly Alternative[],
  values: unknown[],
): Promise<Candidate[]> {
  const columns = `
    d.id as "documentId", d.filename, c.run, c.page_number as "pageNumber", ${createdMicros} as "createdMicros"`;
  // Materialised: to find few of many, a planner would rather take page after page apart than ask the index.
  const inIndex = `
    with found as materialized (
      select c.document_id, c.run, c.page_number from public.page_contents c
      where quire.searchable(c.owner_id, c.text) @@ $2::tsquery and c.owner_id = $1
        and ($3::uuid is null or c.document_id = $3)
    )
    select ${columns}
    from found c join public.documents d on d.id = c.document_id and d.visible_run = c.run
    where d.owner_id = $1
      and ($4::text is null or (d.created_at, d.id) < (${createdAtOf("$4")}, $5::uuid)
        or (d.created_at, d.id) = (${createdAtOf("$4")}, $5::uuid) and c.page_number > $6::int)
    order by d.created_at desc, d.id desc, c.page_number limit $7`;
  if (!needsText(alternatives))
    return database.query<Candidate>(`select found.*, true as "isHit" from (${inIndex}) found`, values);

  const patterns = (terms: readonly Term[]) => `$${values.push(terms.map(likePattern))}::text[]`;
  const inText = alternatives.map(
    ({ included, excluded }) =>
      `(words like all(${patterns(included)}) and not words like any(${patterns(excluded)}))`,
  );
  return database.query<Candidate>(
    `select found.*, (
       select ${inText.join(" or ")} from (
         select quire.words(c.text) as words from public.page_contents c
         where (c.document_id, c.run, c.page_number) = (found."documentId", found.run, found."pageNumber")
         -- So that the words are made once, however often they are looked through.
         offset 0
       ) of_page
     ) as "isHit"
     from (${inIndex}) found
     order by found."createdMicros"::bigint desc, found."documentId" desc, found."pageNumber"`,
    values,
  );
}

async function textOf(
  database: Database,
  { documentId, run, pageNumber }: Candidate,
): Promise<string | null> {
  const [row] = await database.query<{ text: string }>(
    `select left(c.text, ${textCharacters}) as text from public.page_contents c
     where (c.document_id, c.run, c.page_number) = ($1, $2, $3)`,
    [documentId, run, pageNumber],
  );
  return row?.text ?? null;
}
