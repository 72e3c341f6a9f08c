-- What recognised a page, and how many of its numbers a person should check against the original.

-- Without a reader (null): Tesseract with its own scale of confidence, which is version 1, or nothing was recognised.
-- `uncertain_numbers` is null where nobody counted them. `missing_language` names the model to install for the warning
-- script_not_covered.
alter table public.pages
  add column reader jsonb check (
    reader is null or coalesce(reader ->> 'version', '') ~ '^[1-9][0-9]{0,5}$'
  ),
  add column uncertain_numbers int check (uncertain_numbers >= 0),
  add column missing_language text check (length(missing_language) <= 50);

-- The version of the reader that results of today have: `readerVersion` of packages/core, and a test compares them.
create function quire.current_reader_version() returns int
language sql immutable parallel safe set search_path = '' as $$
  select 2
$$;

create function quire.reader_version(reader jsonb) returns int
language sql immutable parallel safe set search_path = '' as $$
  select coalesce((reader ->> 'version')::int, 1)
$$;

-- Answers how many numbers of a document are to be checked, and on which pages, from the index alone.
create index pages_to_check on public.pages (document_id, run, page_number) include (uncertain_numbers)
  where uncertain_numbers > 0 or (uncertain_numbers is null and outcome = 'recognized');
-- Finds what an older reader recognised.
create index pages_reader_version on public.pages (quire.reader_version(reader), document_id, run)
  where outcome = 'recognized';

-- Kept outputs say nothing of all this: they are made again when somebody asks for them. A PDF has none of it.
delete from public.outputs where format <> 'pdf';

-- As before, with these. An older worker does not know them and leaves them out.
drop function quire.save_page(
  uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb, int, int, real, text[]
);
create function quire.save_page(
  p_document uuid, p_claim int, p_page_number int, p_outcome text, p_mean_confidence real, p_width int, p_height int,
  p_dpi real, p_rotation int, p_duration_ms int, p_warnings text[], p_error_code text, p_error_message text,
  p_text text, p_words jsonb, p_preview_bytes int default null, p_orientation int default 0, p_skew real default 0,
  p_languages text[] default '{}', p_reader jsonb default null, p_uncertain_numbers int default null,
  p_missing_language text default null
) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  saved record;
begin
  insert into public.pages (
    document_id, run, page_number, owner_id, claim, outcome, mean_confidence, width, height, dpi, rotation,
    orientation, skew, languages, reader, uncertain_numbers, missing_language, duration_ms, warnings, error_code,
    error_message, preview_bytes, revision
  )
  select
    d.id, d.current_run, p_page_number, d.owner_id, d.claim, p_outcome, p_mean_confidence, p_width, p_height, p_dpi,
    p_rotation, p_orientation, p_skew, p_languages, p_reader, p_uncertain_numbers, p_missing_language, p_duration_ms,
    p_warnings, p_error_code, p_error_message, p_preview_bytes, d.revision + 1
  from public.documents d
  where d.id = p_document and d.claim = p_claim and d.status = 'processing' for update
  on conflict do nothing
  returning run, owner_id into saved;
  if not found then
    return exists (
      select from public.documents d where d.id = p_document and d.claim = p_claim and d.status = 'processing'
    );
  end if;
  insert into public.page_contents (document_id, run, page_number, owner_id, text, words)
  values (p_document, saved.run, p_page_number, saved.owner_id, p_text, p_words);
  update public.documents d set
    pages_done = d.pages_done + 1, pages_failed = d.pages_failed + (p_outcome = 'failed')::int, stalls = 0
  where d.id = p_document;
  delete from public.pages_in_flight f where f.document_id = p_document and f.page_number = p_page_number;
  return true;
end
$$;

-- As before, with the numbers to check of the pages that can be seen; null where an older reader read one of them. At
-- most 200 pages are named.
create or replace function quire.tell_webhooks() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform quire.put_delivery(w, jsonb_build_object(
    'type', 'document.' || new.status,
    'timestamp', new.finished_at,
    'data', jsonb_build_object(
      'documentId', new.id, 'status', new.status, 'pageCount', new.page_count, 'pagesFailed', new.pages_failed,
      'uncertainNumbers', to_check.numbers, 'uncertainPages', to_check.pages,
      'errorCode', new.error_code, 'finishedAt', new.finished_at
    )
  ))
  from public.webhooks w cross join lateral (
    select
      case when count(*) = count(p.uncertain_numbers) then coalesce(sum(p.uncertain_numbers), 0) end as numbers,
      coalesce(
        (array_agg(p.page_number order by p.page_number) filter (where p.uncertain_numbers > 0))[1:200], '{}'
      ) as pages
    from public.pages p
    where p.document_id = new.id and p.run = new.visible_run
      and (p.uncertain_numbers > 0 or (p.uncertain_numbers is null and p.outcome = 'recognized'))
  ) to_check
  where w.owner_id = new.owner_id and w.disabled_reason is null and 'document.' || new.status = any (w.events);
  return null;
end
$$;

revoke all on function
  quire.current_reader_version(), quire.reader_version(jsonb),
  quire.save_page(
    uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb, int, int, real, text[], jsonb,
    int, text
  )
  from public;
grant execute on function
  quire.current_reader_version(), quire.reader_version(jsonb),
  quire.save_page(
    uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb, int, int, real, text[], jsonb,
    int, text
  )
  to service_role;
