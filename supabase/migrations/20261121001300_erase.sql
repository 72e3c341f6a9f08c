-- An owner may have a document deleted. Nothing of its content stays, nor its name: only that it was there.

create table public.erased_documents (
  document_id uuid primary key,
  owner_id uuid not null,
  erased_at timestamptz not null default now(),
  -- How it stood then.
  status text not null,
  page_count int,
  size_bytes bigint not null
);
create index erased_documents_by_owner on public.erased_documents (owner_id, erased_at desc);

alter table public.erased_documents enable row level security;
revoke all on public.erased_documents from public, anon, authenticated;
grant all on public.erased_documents to service_role;
grant select on public.erased_documents to authenticated;
create policy "owners see what they erased" on public.erased_documents
  for select to authenticated using (owner_id = (select auth.uid()));

-- Erases a document: its row, and with it pages, contents, marks and story. Whoever is reading it learns so at its next
-- write. Returns what was stored for it and is to be deleted now: the file, unless it is another owner's or another
-- document's as well, and which pages had a preview. What cannot be deleted then, the sweep of the file store finds.
-- Erased again: no row, and no error. Error: document_not_found.
create function quire.erase_document(p_owner uuid, p_document uuid) returns table (storage_key text, previews jsonb)
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
  insert into public.erased_documents (document_id, owner_id, status, page_count, size_bytes)
  values (d.id, d.owner_id, d.status, d.page_count, d.size_bytes);
  delete from public.documents doc where doc.id = p_document;
  return query select
    case
      when starts_with(d.storage_key, p_owner || '/')
        and not exists (select from public.documents other where other.storage_key = d.storage_key)
      then d.storage_key
    end,
    coalesce(previews, '[]');
end
$$;

-- An upload that is finished once more, because its answer was lost, does not bring back what was erased meanwhile. Asked
-- after the insertion, which waits for an erasing under way.
create function quire.refuse_erased() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from public.erased_documents e where e.document_id = new.id) then
    raise exception using errcode = 'PT410', message = 'document_erased';
  end if;
  return null;
end
$$;
create trigger documents_refuse_erased after insert on public.documents
  for each row execute function quire.refuse_erased();

revoke all on function quire.erase_document(uuid, uuid), quire.refuse_erased() from public;
grant execute on function quire.erase_document(uuid, uuid), quire.refuse_erased() to service_role;
