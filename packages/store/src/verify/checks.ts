/** What may be amiss between the tables, the queue and the file store. */
export interface Check {
  readonly name: string;
  /** What it means, and what to do where it is not mended. */
  readonly meaning: string;
  /**
   * A statement that tells them: rows `(id text)`. It may use the table `stored_keys (key, is_old)`, all that the file
   * store had, and `begun (at)`: when that was begun to be listed.
   */
  readonly find: string;
  /** A statement that mends those whose ids are `$1`; null: nothing safe can be done, or it is not done by SQL. */
  readonly mend: string | null;
}

/** Pages that are there, of the run that the counters are of. */
const countedPages = `
  select p.document_id, p.run, count(*)::int as done, count(*) filter (where p.outcome = 'failed')::int as failed
  from public.pages p group by p.document_id, p.run`;

/** As `quire.preview_key` has it, which takes ten times as long where it is called for each of a million pages. */
const previewKeyOfPage =
  "p.owner_id || '/' || p.document_id || '/run-' || p.run || '/claim-' || p.claim || '/page-' || p.page_number || '.webp'";

/**
 * As `sweepFiles` has it: a picture needs its page, an output its row; anything else below a living document's id may stay. Keys are
 * compared whole, for the database to do so by hashing; taking a million of them apart takes ten minutes.
 */
const orphanFiles = `
  select s.key as id from stored_keys s
  where s.is_old
    and not exists (select from public.documents d where d.storage_key = s.key and d.original_erased_at is null)
    and not exists (
      select from public.pages p where p.preview_bytes is not null and s.key = ${previewKeyOfPage}
    )
    and not exists (select from public.outputs o where o.storage_key = s.key)
    and case
      when s.key ~ '/run-\\d{1,9}/claim-\\d{1,9}/output\\.[a-z]{1,16}$' then true
      when s.key ~ '/run-\\d{1,9}/claim-\\d{1,9}/page-\\d{1,9}\\.webp$' then true
      when split_part(s.key, '/', 2) !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then true
      else not exists (
        select from public.documents d where d.id = split_part(s.key, '/', 2)::uuid and d.storage_key <> s.key
      )
    end`;

export const orphanFilesCheck = "files of nobody";

export const checks: readonly Check[] = [
  {
    name: orphanFilesCheck,
    meaning: "Stored for a day or longer, and no document or page has them. --fix deletes them.",
    find: orphanFiles,
    mend: null,
  },
  {
    name: "files not deleted",
    meaning:
      "Files of erased documents that could not be deleted five times. Look into the file store's log and rights.",
    find: "select key as id from quire.files_to_delete where attempts >= 5",
    mend: null,
  },
  {
    name: "originals missing",
    meaning: "The document's file is gone, and no retention erased it. Restore it, or send it again.",
    find: `select d.id::text from public.documents d
      where d.original_erased_at is null and d.created_at < (select at from begun)
        and not exists (select from stored_keys s where s.key = d.storage_key)`,
    mend: null,
  },
  {
    name: "previews missing",
    meaning: "A page's picture is gone. --fix says so on the page; `quire reprocess` makes another.",
    find: `select format('%s/%s/%s', p.document_id, p.run, p.page_number) as id from public.pages p
      where p.preview_bytes is not null and p.created_at < (select at from begun) and not exists (
        select from stored_keys s
        where s.key = ${previewKeyOfPage}
      )`,
    mend: `update public.pages p set preview_bytes = null
      from unnest($1::text[]) id
      where p.document_id = split_part(id, '/', 1)::uuid and p.run = split_part(id, '/', 2)::int
        and p.page_number = split_part(id, '/', 3)::int`,
  },
  {
    name: "outputs missing",
    meaning:
      "A file that was made of a document is gone. --fix forgets it; it is made again when it is asked for.",
    find: `select o.storage_key as id from public.outputs o
      where o.created_at < (select at from begun)
        and not exists (select from stored_keys s where s.key = o.storage_key)`,
    mend: "delete from public.outputs o where o.storage_key = any($1::text[])",
  },
  {
    name: "documents without a job",
    meaning: "They wait, and nothing will read them. --fix queues them; a worker does so within ten minutes.",
    find: `select d.id::text from public.documents d
      where d.status in ('queued', 'processing') and not exists (
        select from pgboss.job j where j.name = 'ocr-' || d.lane and j.id = d.job_id and j.state < 'completed'
      )`,
    mend: "select from generate_series(1, quire.requeue_lost_documents()) where cardinality($1::text[]) > 0",
  },
  {
    name: "jobs without a document",
    meaning: "Jobs of documents that are gone, or have another. --fix removes them; a worker drops them.",
    find: `select j.id::text from pgboss.job j
      where j.name like 'ocr-%' and j.state < 'completed' and not exists (
        select from public.documents d where d.job_id = j.id and d.status in ('queued', 'processing')
      )`,
    mend: `delete from pgboss.job j
      where j.name like 'ocr-%' and j.state < 'completed' and j.id = any($1::uuid[]) and not exists (
        select from public.documents d where d.job_id = j.id and d.status in ('queued', 'processing')
      )`,
  },
  {
    name: "counters wrong",
    meaning:
      "Pages counted are not the pages that are there. --fix counts again those that are at their end.",
    find: `select d.id::text from public.documents d
      left join (${countedPages}) p on p.document_id = d.id and p.run = d.current_run
      where (d.pages_done, d.pages_failed) <> (coalesce(p.done, 0), coalesce(p.failed, 0))`,
    mend: `update public.documents d set pages_done = counted.done, pages_failed = counted.failed
      from (
        select o.id, count(p.page_number)::int as done, count(*) filter (where p.outcome = 'failed')::int as failed
        from public.documents o left join public.pages p on p.document_id = o.id and p.run = o.current_run
        where o.id = any($1::uuid[]) group by o.id
      ) counted
      where d.id = counted.id and d.status not in ('uploaded', 'queued', 'processing')`,
  },
  {
    name: "pages missing",
    meaning:
      "The document is said to be read, and pages of it are not there. `quire reprocess` reads it anew.",
    find: `select d.id::text from public.documents d
      where d.status in ('completed', 'partial') and d.page_count is distinct from (
        select count(*) from public.pages p where p.document_id = d.id and p.run = d.visible_run
      )`,
    mend: null,
  },
];
