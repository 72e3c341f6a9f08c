import type { Database } from "@quire/store";

/** Has a document read to its end at once, into so many failed pages whose error messages have 1,900 characters. */
export async function insertPages(database: Database, id: string, pageCount: number): Promise<void> {
  await database.query(
    `insert into public.pages (
       document_id, run, page_number, owner_id, claim, outcome, width, height, dpi, rotation, duration_ms, error_code,
       error_message, revision
     )
     select d.id, d.current_run, n, d.owner_id, d.claim, 'failed', 0, 0, 0, 0, 1, 'page_unreadable', repeat('x', 1900),
       d.revision + n
     from public.documents d, generate_series(1, $2::int) n where d.id = $1`,
    [id, pageCount],
  );
  await database.query(
    "update public.documents set status = 'failed', page_count = $2, pages_done = $2, finished_at = now() where id = $1",
    [id, pageCount],
  );
}
