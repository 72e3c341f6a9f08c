-- Re-reading what an older reader read, in the background: bounded, and behind every new upload.

-- Documents of which an older reader recognised a page that can be seen, and whose file is still there. What failed or
-- was cancelled is not among them: somebody decides about it first.
create function quire.documents_read_before(p_version int, p_owner uuid) returns table (id uuid, owner_id uuid)
language sql stable security definer set search_path = '' as $$
  select d.id, d.owner_id from public.documents d
  where d.status in ('completed', 'partial') and d.original_erased_at is null
    and (p_owner is null or d.owner_id = p_owner)
    and exists (
      select from public.pages p
      where p.document_id = d.id and p.run = d.visible_run and p.outcome = 'recognized'
        and quire.reader_version(p.reader) < p_version
    )
  order by d.created_at desc, d.id
$$;

-- How many there are, of at most p_limit.
create function quire.count_read_before(p_version int, p_owner uuid, p_limit int) returns int
language sql stable security definer set search_path = '' as $$
  select count(*)::int from (select from quire.documents_read_before(p_version, p_owner) limit p_limit) found
$$;

-- Queues the newest p_limit of them (at most 1,000) at the lowest priority, and returns how many. They take at most half
-- of what an owner may have waiting, and half of the whole queue: the other half is for new uploads.
create function quire.reprocess_read_before(p_version int, p_owner uuid, p_limit int) returns int
language plpgsql security definer set search_path = '' as $$
declare
  lowest constant int := -20;
  limits quire.limits;
  old record;
  full_owners uuid[] := '{}';
  room int;
  queued int := 0;
begin
  -- One at a time: two would lock the same owners, each in its own order.
  perform pg_advisory_xact_lock(hashtextextended('quire.reprocess_read_before', 0));
  select * into limits from quire.limits;
  select limits.max_queued / 2 - count(*) into room from (
    select from public.documents w where w.status = 'queued' limit limits.max_queued
  ) w;
  for old in select * from quire.documents_read_before(p_version, p_owner) loop
    exit when queued >= least(p_limit, 1000, room);
    continue when old.owner_id = any (full_owners);
    if (
      select count(*) from (
        select from public.documents w where w.owner_id = old.owner_id and w.status = 'queued'
        limit limits.max_queued_per_owner
      ) w
    ) >= limits.max_queued_per_owner / 2 then
      full_owners := full_owners || old.owner_id;
      continue;
    end if;
    -- What somebody else is changing now is left alone: waiting for it while holding others could be a deadlock.
    perform from public.documents d
    where d.id = old.id and d.status in ('completed', 'partial') for update skip locked;
    continue when not found;
    update public.documents d set priority = lowest where d.id = old.id;
    perform quire.begin_new_run(old.id);
    queued := queued + 1;
  end loop;
  return queued;
end
$$;

-- What quire.reprocess_document did: a new run beside the visible one, at the document's priority.
create function quire.begin_new_run(p_document uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  d := quire.lock_document(p_document);
  if d.status in ('uploaded', 'queued', 'processing') then
    raise exception using errcode = 'PT409', message = 'document_busy';
  end if;
  delete from public.pages p where p.document_id = p_document and p.run <> d.visible_run;
  update public.documents doc set
    -- Where there is nothing to be seen yet, the visible run is the one to read.
    current_run = d.visible_run + (
      exists (select from public.pages p where p.document_id = p_document and p.run = d.visible_run)
    )::int,
    pages_done = 0, pages_failed = 0, started_at = null
  where doc.id = p_document;
  perform quire.enqueue(p_document);
end
$$;

-- As before. Whoever asks for one document waits for it: it does not stay at the priority of the background.
create or replace function quire.reprocess_document(p_document uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  update public.documents d set priority = 0
  where d.id = p_document and d.priority = -20 and d.status not in ('uploaded', 'queued', 'processing');
  perform quire.begin_new_run(p_document);
end
$$;

-- As before, and no longer at the priority of the background either.
create or replace function quire.redrive_document(p_document uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  d := quire.lock_document(p_document);
  if d.status not in ('failed', 'partial', 'cancelled') then
    raise exception using errcode = 'PT409', message = 'document_busy';
  end if;
  delete from public.pages p
  where p.document_id = p_document and p.run = d.current_run and p.outcome = 'failed';
  update public.documents doc set
    pages_failed = 0,
    pages_done = (
      select count(*) from public.pages p where p.document_id = p_document and p.run = d.current_run
    ),
    priority = case when d.priority = -20 then 0 else d.priority end
  where doc.id = p_document;
  perform quire.enqueue(p_document);
end
$$;

revoke all on function
  quire.documents_read_before(int, uuid), quire.count_read_before(int, uuid, int),
  quire.reprocess_read_before(int, uuid, int), quire.begin_new_run(uuid)
  from public;
grant execute on function
  quire.documents_read_before(int, uuid), quire.count_read_before(int, uuid, int),
  quire.reprocess_read_before(int, uuid, int), quire.begin_new_run(uuid)
  to service_role;
