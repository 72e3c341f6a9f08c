-- Outputs of documents (a searchable PDF, hOCR, text and so on) that were asked for once and are kept: made from the
-- pages of the run that can be seen, and gone with them.

-- As `outputKey` in packages/store says.
create function quire.output_key(p_owner uuid, p_document uuid, p_run int, p_claim int, p_format text) returns text
language sql immutable set search_path = '' as $$
  select format('%s/%s/run-%s/claim-%s/output.%s', p_owner, p_document, p_run, p_claim, p_format)
$$;

create table public.outputs (
  document_id uuid not null references public.documents on delete cascade,
  run int not null,
  -- The highest of the run's pages: pages that are read later, in the same run, have a higher one.
  claim int not null,
  format text not null check (format ~ '^[a-z]{1,16}$'),
  owner_id uuid not null,
  size_bytes bigint not null check (size_bytes >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  storage_key text not null generated always as (quire.output_key(owner_id, document_id, run, claim, format)) stored,
  created_at timestamptz not null default now(),
  primary key (document_id, run, claim, format)
);
-- Whether a stored file is anybody's.
create unique index outputs_storage_key on public.outputs (storage_key);

alter table public.outputs enable row level security;
revoke all on public.outputs from public, anon, authenticated;
grant all on public.outputs to service_role;
grant select on public.outputs to authenticated;
create policy "owners see their outputs" on public.outputs
  for select to authenticated using (owner_id = (select auth.uid()));

-- Whether nothing of what can be seen of a document changes any more but by a new run.
create function quire.is_settled(d public.documents) returns boolean
language sql immutable set search_path = '' as $$
  select d.status not in ('uploaded', 'queued', 'processing') or d.current_run <> d.visible_run
$$;

-- What is to be asked before an output is stored. Should nothing come of it (the document is erased meanwhile, the maker
-- dies), the file that may be stored by then is deleted once p_seconds have passed: its key is noted ahead, and while a
-- row has it, nobody deletes it. False: there is no such document any more.
create function quire.begin_output(p_document uuid, p_run int, p_claim int, p_format text, p_seconds real) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  -- Locked, so that an erasing comes after it, which takes along what is noted, or before it.
  insert into quire.files_to_delete as f (key, due_at)
  select quire.output_key(d.owner_id, d.id, p_run, p_claim, p_format), now() + make_interval(secs => p_seconds)
  from public.documents d where d.id = p_document for share
  on conflict (key) do update set due_at = greatest(f.due_at, excluded.due_at), attempts = 0;
  return found;
end
$$;

-- An output is stored: from now on it is kept. p_pages is how many it was made of; with the highest claim that tells
-- which they were, for pages only ever come with a higher claim. False: the document has changed since, is erased, or
-- the time was up. Then the file is nobody's.
create function quire.keep_output(
  p_document uuid, p_run int, p_claim int, p_format text, p_pages int, p_size_bytes bigint, p_sha256 text
) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  select doc.* into d from public.documents doc where doc.id = p_document for share;
  if d.id is null or not quire.is_settled(d) or d.visible_run <> p_run
    or (p_format = 'pdf' and d.original_erased_at is not null)
    or not exists (
      select from public.pages p where p.document_id = p_document and p.run = p_run
      having max(p.claim) = p_claim and count(*) = p_pages
    )
    or not exists (
      select from quire.files_to_delete f
      where f.key = quire.output_key(d.owner_id, d.id, p_run, p_claim, p_format)
        and f.attempts = 0 and f.due_at > now()
    )
  then
    return false;
  end if;
  -- Somebody else may have made it too: of the same pages, so that it is the same.
  insert into public.outputs (document_id, run, claim, format, owner_id, size_bytes, sha256)
  values (p_document, p_run, p_claim, p_format, d.owner_id, p_size_bytes, p_sha256)
  on conflict do nothing;
  return true;
end
$$;

-- Outputs that go, whoever deletes them, take their files along.
create function quire.forget_output_files() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into quire.files_to_delete (key) select o.storage_key from gone o
  -- One that was noted ahead stays so: another process may be about to store it once more.
  on conflict do nothing;
  return null;
end
$$;
create trigger outputs_forget_files after delete on public.outputs
  referencing old table as gone for each statement execute function quire.forget_output_files();

-- Outputs go with the run that is replaced, where the run that can be seen is gone on with, and a PDF, which is the
-- original and more, with the original.
create function quire.forget_outputs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.outputs o
  where o.document_id = new.id and (
    o.run <> new.visible_run or not quire.is_settled(new)
    or (o.format = 'pdf' and new.original_erased_at is not null)
  );
  return null;
end
$$;
create trigger documents_forget_outputs after update on public.documents
  for each row when (
    old.visible_run <> new.visible_run
    or (old.original_erased_at is null and new.original_erased_at is not null)
    or (
      new.status in ('uploaded', 'queued', 'processing')
      and old.status in ('completed', 'partial', 'failed', 'cancelled')
    )
  ) execute function quire.forget_outputs();

-- As before, and a file that an output has is not one of them either.
create or replace function quire.take_files_to_delete(p_limit int) returns setof text
language plpgsql security definer set search_path = '' as $$
begin
  delete from quire.files_to_delete f where f.due_at <= now() and (
    exists (select from public.documents d where d.storage_key = f.key and d.original_erased_at is null)
    or exists (select from public.outputs o where o.storage_key = f.key)
  );
  return query
    update quire.files_to_delete f set
      attempts = f.attempts + 1,
      due_at = now() + least(interval '1 minute' * 2 ^ least(f.attempts, 10), interval '6 hours')
    where f.key in (
      select due.key from quire.files_to_delete due where due.due_at <= now()
      order by due.due_at limit p_limit for update skip locked
    )
    returning f.key;
end
$$;

-- As before, and it returns which outputs were kept too.
drop function public.erase_document(uuid);
drop function quire.erase_document(uuid, uuid);
create function quire.erase_document(p_owner uuid, p_document uuid)
returns table (storage_key text, previews jsonb, outputs jsonb)
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  -- A document never changes its owner, so whose it is may be asked before anything is locked.
  if exists (select from public.documents doc where doc.id = p_document and doc.owner_id = p_owner) then
    perform quire.lock_job(p_document);
    select * into d from public.documents doc where doc.id = p_document for update;
  end if;
  if d.id is null then
    if exists (select from public.erased_documents e where e.document_id = p_document and e.owner_id = p_owner) then
      return;
    end if;
    raise exception using errcode = 'PT404', message = 'document_not_found';
  end if;
  update pgboss.job j set state = 'cancelled', completed_on = now()
  where j.name = 'ocr-' || d.lane and j.id = d.job_id and j.state < 'completed';
  select jsonb_agg(jsonb_build_object('run', p.run, 'claim', p.claim, 'pageNumber', p.page_number)) into previews
  from public.pages p where p.document_id = p_document and p.preview_bytes is not null;
  select jsonb_agg(jsonb_build_object('run', o.run, 'claim', o.claim, 'format', o.format)) into outputs
  from public.outputs o where o.document_id = p_document;
  insert into public.erased_documents (document_id, owner_id, status, page_count, size_bytes)
  values (d.id, d.owner_id, d.status, d.page_count, d.size_bytes);
  delete from public.documents doc where doc.id = p_document;
  return query select
    case
      when starts_with(d.storage_key, p_owner || '/')
        and not exists (select from public.documents other where other.storage_key = d.storage_key)
      then d.storage_key
    end,
    coalesce(previews, '[]'), coalesce(outputs, '[]');
end
$$;
create function public.erase_document(document_id uuid)
returns table (storage_key text, previews jsonb, outputs jsonb)
language sql security definer set search_path = '' as $$
  select e.storage_key, e.previews, e.outputs from quire.erase_document(auth.uid(), erase_document.document_id) e
$$;

-- As before, and it says whether there is an entry now: of a document that is not there (yet) there is none.
drop function quire.audit_access(uuid, uuid, text, text, uuid);
create function quire.audit_access(p_owner uuid, p_document uuid, p_actor text, p_action text, p_request uuid)
returns boolean
language sql security definer set search_path = '' as $$
  with of as materialized (
    select d.owner_id, date_trunc('hour', now(), 'UTC') as hour from public.documents d
    where d.id = p_document and (p_owner is null or d.owner_id = p_owner)
    union all
    select p_owner, date_trunc('hour', now(), 'UTC') where p_document is null
  ),
  added as (
    insert into public.audit_log (owner_id, document_id, actor, action, via, request_id, hour)
    select of.owner_id, p_document, p_actor, p_action, quire.audit_via(), p_request, of.hour from of
    where not exists (
      select from public.audit_log a
      where a.hour = of.hour and a.actor = p_actor and a.action = p_action
        and coalesce(a.document_id, a.owner_id, '00000000-0000-0000-0000-000000000000')
          = coalesce(p_document, of.owner_id, '00000000-0000-0000-0000-000000000000')
    )
    on conflict do nothing
  )
  select exists (select from of)
$$;

revoke all on function
  quire.output_key(uuid, uuid, int, int, text), quire.is_settled(public.documents),
  quire.begin_output(uuid, int, int, text, real), quire.keep_output(uuid, int, int, text, int, bigint, text),
  quire.forget_output_files(), quire.forget_outputs(), quire.erase_document(uuid, uuid),
  quire.audit_access(uuid, uuid, text, text, uuid)
  from public;
grant execute on function
  quire.output_key(uuid, uuid, int, int, text), quire.is_settled(public.documents),
  quire.begin_output(uuid, int, int, text, real), quire.keep_output(uuid, int, int, text, int, bigint, text),
  quire.forget_output_files(), quire.forget_outputs(), quire.erase_document(uuid, uuid),
  quire.audit_access(uuid, uuid, text, text, uuid)
  to service_role;
revoke all on function public.erase_document(uuid) from public, anon, service_role;
grant execute on function public.erase_document(uuid) to authenticated;
