-- For those who watch: every change of a document has a number and is told at once, and a page may have a preview.

-- Rises with every change of the row. A page carries the number of the change that saved it, so that whoever lost the
-- thread at one number is told what came after it.
alter table public.documents add column revision int not null default 1;
alter table public.pages add column revision int not null default 0;
-- The size of the page's picture in the file store, whose key is made of run, claim and page number; null: there is none.
alter table public.pages add column preview_bytes int check (preview_bytes > 0);
grant select (revision) on public.documents to authenticated;

create function quire.number_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.revision := old.revision + 1;
  return new;
end
$$;
create trigger documents_number_change before update on public.documents
  for each row execute function quire.number_change();

-- Whose document it is and which: who listens asks for the rest, if anybody of its own wants to know.
create function quire.tell_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents := case when tg_op = 'DELETE' then old else new end;
begin
  perform pg_notify('quire_documents', d.owner_id || ' ' || d.id);
  return null;
end
$$;
create trigger documents_tell_change after insert or update or delete on public.documents
  for each row execute function quire.tell_change();

-- As before, and it says whose the document is and which run is read: the keys of the files that belong to it.
drop function quire.claim_document(uuid, uuid, text);
create function quire.claim_document(p_document uuid, p_job uuid, p_worker text) returns table (
  owner_id uuid, run int, storage_key text, size_bytes bigint, sha256 text, options jsonb, lane text, page_count int,
  claim int, pages_read int[], suspects jsonb
)
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  update public.documents doc set
    status = 'processing', claim = doc.claim + 1, worker_id = p_worker, started_at = coalesce(doc.started_at, now())
  where doc.id = p_document and doc.job_id = p_job and doc.status in ('queued', 'processing')
  returning doc.* into d;
  if not found then
    return;
  end if;
  update public.pages_in_flight f set deaths = f.deaths + 1, alone = false
  where f.document_id = p_document and f.alone;
  return query select
    d.owner_id, d.current_run, d.storage_key, d.size_bytes, d.sha256, d.options, d.lane, d.page_count, d.claim,
    coalesce((
      select array_agg(p.page_number order by p.page_number) from public.pages p
      where p.document_id = p_document and p.run = d.current_run
    ), '{}'),
    coalesce((
      select jsonb_agg(
        jsonb_build_object('pageNumber', f.page_number, 'deaths', f.deaths, 'kills', f.kills) order by f.page_number
      )
      from public.pages_in_flight f where f.document_id = p_document
    ), '[]');
end
$$;

-- As before, with the size of its preview, which is stored already. An older worker has none and leaves it out.
drop function quire.save_page(
  uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb
);
create function quire.save_page(
  p_document uuid, p_claim int, p_page_number int, p_outcome text, p_mean_confidence real, p_width int, p_height int,
  p_dpi real, p_rotation int, p_duration_ms int, p_warnings text[], p_error_code text, p_error_message text,
  p_text text, p_words jsonb, p_preview_bytes int default null
) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  saved record;
begin
  insert into public.pages (
    document_id, run, page_number, owner_id, claim, outcome, mean_confidence, width, height, dpi, rotation,
    duration_ms, warnings, error_code, error_message, preview_bytes, revision
  )
  select
    d.id, d.current_run, p_page_number, d.owner_id, d.claim, p_outcome, p_mean_confidence, p_width, p_height, p_dpi,
    p_rotation, p_duration_ms, p_warnings, p_error_code, p_error_message, p_preview_bytes, d.revision + 1
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

revoke all on function
  quire.number_change(), quire.tell_change(), quire.claim_document(uuid, uuid, text),
  quire.save_page(uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb, int)
  from public;
grant execute on function
  quire.number_change(), quire.tell_change(), quire.claim_document(uuid, uuid, text),
  quire.save_page(uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb, int)
  to service_role;
