import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Database } from "@quire/store";
import type { Planned } from "./addedDocuments.ts";

/** What was there when all had been read. */
export interface Counts {
  readonly documents: number;
  readonly pages: number;
  readonly claims: number;
  /** Pages of fake documents that are saved, and how often the engines began one. */
  readonly fakePages: number;
  readonly begun: number;
}

interface DocumentRow {
  readonly status: string;
  readonly page_count: number;
  readonly failures: number;
  readonly stalls: number;
  readonly claim: number;
}

interface PageRow {
  readonly page_number: number;
  readonly outcome: string;
  /** When it was saved, as `Date.now()` tells it. */
  readonly at: number;
  readonly error: string | null;
}

/**
 * Asserts that all documents are at their end, each page is there once, none failed but the guilty, no failure and no
 * stall is counted, nothing is left in hand, and no page was begun again after it had been saved.
 *
 * @param journal what the fake documents' engines wrote down: FakeDocument.journal in packages/engine
 */
export async function assertEveryPageOnce(
  planned: readonly Planned[],
  database: Database,
  journal: string,
): Promise<Counts> {
  const saved = new Map<string, number>();
  let claims = 0;
  for (const document of planned) {
    const { pages, claim } = await assertRead(document, database);
    for (const { page_number, at } of pages) saved.set(`${document.id} ${page_number}`, Number(at));
    claims += claim;
  }
  await assertNothingInHand(database);
  const begun = readFileSync(journal, "utf8").trim().split("\n");
  const afterSaved = begun.filter((line) => {
    const [time, file, page] = line.split(" ") as [string, string, string];
    return Number(time) > (saved.get(`${file.slice(0, idLength)} ${page}`) ?? Number.POSITIVE_INFINITY);
  });
  assert.deepEqual(afterSaved, [], "pages were read again that had been saved");
  const fakeIds = new Set(begun.map((line) => line.split(" ")[1]?.slice(0, idLength)));
  const fakePages = [...saved.keys()].filter((key) => fakeIds.has(key.slice(0, idLength))).length;
  return { documents: planned.length, pages: saved.size, claims, fakePages, begun: begun.length };
}

/** The spool's file of a document is named by its id, a UUID, and its claim. */
const idLength = 36;

async function assertRead({ id, guilty }: Planned, database: Database) {
  const [document] = await database.query<DocumentRow>("select * from public.documents where id = $1", [id]);
  assert.ok(document);
  const pages = await database.query<PageRow>(
    `select page_number, outcome, error_code || ': ' || error_message as error, extract(epoch from created_at) * 1000 as at
     from public.pages where document_id = $1 order by page_number`,
    [id],
  );
  const shown = JSON.stringify([document, pages.filter(({ error }) => error !== null)]);
  assert.equal(document.status, guilty.length > 0 ? "partial" : "completed", shown);
  assert.equal(document.failures, 0, shown);
  assert.equal(document.stalls, 0, shown);
  assert.deepEqual(
    pages.map(({ page_number }) => page_number),
    Array.from({ length: document.page_count }, (_, index) => index + 1),
  );
  const failed = pages.filter(({ outcome }) => outcome === "failed");
  assert.deepEqual(
    failed.map(({ page_number }) => page_number),
    guilty,
  );
  return { pages, claim: document.claim };
}

async function assertNothingInHand(database: Database): Promise<void> {
  assert.deepEqual(await database.query("select * from public.pages_in_flight"), []);
  const jobs = await database.query(
    "select name, state from pgboss.job where name like 'ocr-%' and state < 'completed'",
  );
  assert.deepEqual(jobs, []);
}

/** How many documents are not at their end. */
export async function documentsLeft(database: Database): Promise<number> {
  const [row] = await database.query<{ left: number }>(
    "select count(*)::int as left from public.documents where status in ('uploaded', 'queued', 'processing')",
  );
  return row?.left ?? 0;
}
