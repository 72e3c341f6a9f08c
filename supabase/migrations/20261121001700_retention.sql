-- Documents are kept so long and no longer, and nothing of what was erased stays: no file, no job that names it. Both by
-- triggers, so that it holds whoever deletes a row, and however.

-- When the file that was uploaded was erased, and what was read of it kept.
alter table public.documents add column original_erased_at timestamptz;
grant select (original_erased_at) on public.documents to authenticated;

-- Since when a document is kept: since it was finished, else since it was last to be read, or added.
create index documents_kept_since on public.documents ((coalesce(finished_at, queued_at, created_at)));
create index documents_with_original on public.documents (finished_at)
  where original_erased_at is null and finished_at is not null;

-- Files that nobody is to have any more, written in the transaction in which their rows went: whoever is to delete them
-- may crash, they are found again. Whoever takes one has it until `due_at`; then it is tried again.
create table quire.files_to_delete (
  key text primary key,
  added_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  attempts int not null default 0
);
create index files_to_delete_due on quire.files_to_delete (due_at);

-- All jobs of a document, those of earlier tries too.
create index job_of_document on pgboss.job ((data ->> 'documentId'));

-- As `previewKey` in packages/store says.
create function quire.preview_key(p_owner uuid, p_document uuid, p_run int, p_claim int, p_page_number int) returns text
language sql immutable set search_path = '' as $$
  select format('%s/%s/run-%s/claim-%s/page-%s.webp', p_owner, p_document, p_run, p_claim, p_page_number)
$$;

-- Pages that go, with their document or for those of another run, take their pictures along.
create function quire.forget_previews() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into quire.files_to_delete (key)
  select quire.preview_key(p.owner_id, p.document_id, p.run, p.claim, p.page_number)
  from gone p where p.preview_bytes is not null
  on conflict do nothing;
  return null;
end
$$;
create trigger pages_forget_previews after delete on public.pages
  referencing old table as gone for each statement execute function quire.forget_previews();

-- A document that goes takes its file along, unless it is another owner's or another document's as well, and whatever
-- job names it. What refers to documents without a foreign key is to be deleted here: this is the one place.
--
-- A worker that is reading it learns of this at its next write, and may have stored a preview right before. So what the
-- last claims may yet store is deleted two minutes later: a hold is renewed every 10 s, and a put waited for as long.
create function quire.forget_document() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if old.original_erased_at is null and starts_with(old.storage_key, old.owner_id || '/') and not exists (
    select from public.documents other where other.storage_key = old.storage_key and other.original_erased_at is null
  ) then
    insert into quire.files_to_delete (key) values (old.storage_key) on conflict do nothing;
  end if;
  if old.status = 'processing' then
    insert into quire.files_to_delete (key, due_at)
    select quire.preview_key(old.owner_id, old.id, old.current_run, c, p), now() + interval '2 minutes'
    from generate_series(greatest(1, old.claim - 2), old.claim) c, generate_series(1, old.page_count) p
    on conflict do nothing;
  end if;
  -- But for one that somebody is about to claim: that one waits for the document, finds it gone and drops the job.
  delete from pgboss.job j using (
    select own.name, own.id from pgboss.job own where own.data ->> 'documentId' = old.id::text for update skip locked
  ) free
  where j.name = free.name and j.id = free.id;
  return null;
end
$$;
create trigger documents_forget after delete on public.documents
  for each row execute function quire.forget_document();

-- A document without its file is not to be read again, whoever asks: its pages would go, and none come.
create function quire.refuse_without_original() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  raise exception using errcode = 'PT410', message = 'original_erased';
end
$$;
create trigger documents_refuse_without_original before update of status on public.documents
  for each row when (
    new.original_erased_at is not null and new.status in ('queued', 'processing')
    and old.status not in ('queued', 'processing')
  ) execute function quire.refuse_without_original();

-- Erases what has been kept for longer than so many days, waiting or not: at most p_limit documents. Returns how many.
create function quire.erase_expired(p_days real, p_limit int) returns int
language plpgsql security definer set search_path = '' as $$
declare
  d record;
  erased int := 0;
begin
  perform set_config('quire.why', 'retention', true);
  for d in
    select doc.id, doc.owner_id from public.documents doc
    where coalesce(doc.finished_at, doc.queued_at, doc.created_at) < now() - make_interval(secs => p_days * 86400)
    order by coalesce(doc.finished_at, doc.queued_at, doc.created_at) limit p_limit
  loop
    perform quire.erase_document(d.owner_id, d.id);
    erased := erased + 1;
  end loop;
  perform set_config('quire.why', '', true);
  return erased;
end
$$;

-- Erases the files of documents that came to their end so many days ago, and leaves what was read of them: at most
-- p_limit. Returns how many.
create function quire.erase_originals(p_days real, p_limit int) returns int
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
  erased int := 0;
begin
  for d in
    select doc.* from public.documents doc
    where doc.original_erased_at is null and doc.finished_at < now() - make_interval(secs => p_days * 86400)
      and doc.status in ('completed', 'partial', 'failed', 'cancelled')
    order by doc.finished_at limit p_limit for update skip locked
  loop
    update public.documents doc set original_erased_at = now() where doc.id = d.id;
    if starts_with(d.storage_key, d.owner_id || '/') and not exists (
      select from public.documents other where other.storage_key = d.storage_key and other.original_erased_at is null
    ) then
      insert into quire.files_to_delete (key) values (d.storage_key) on conflict do nothing;
    end if;
    erased := erased + 1;
  end loop;
  return erased;
end
$$;

-- Erases documents of an owner, at most p_limit. Returns which; none: there are no more.
create function quire.erase_owned(p_owner uuid, p_limit int) returns setof uuid
language plpgsql security definer set search_path = '' as $$
declare
  d record;
begin
  perform set_config('quire.why', 'erasure', true);
  for d in select doc.id from public.documents doc where doc.owner_id = p_owner order by doc.id limit p_limit loop
    perform quire.erase_document(p_owner, d.id);
    return next d.id;
  end loop;
  perform set_config('quire.why', '', true);
end
$$;

-- That a document was there stays known by its id alone, so that an upload that is finished once more does not bring it
-- back; whose it was does not, once the owner is erased.
alter table public.erased_documents alter column owner_id drop not null;
create function quire.forget_owner(p_owner uuid) returns int
language sql security definer set search_path = '' as $$
  with forgotten as (
    update public.erased_documents e set owner_id = null where e.owner_id = p_owner returning 1
  )
  select count(*)::int from forgotten
$$;

-- Files to be deleted now, for whoever calls: nobody else gets them before a while, longer with every attempt. A file
-- that a document has again is not one of them.
create function quire.take_files_to_delete(p_limit int) returns setof text
language plpgsql security definer set search_path = '' as $$
begin
  delete from quire.files_to_delete f using public.documents d
  where f.due_at <= now() and d.storage_key = f.key and d.original_erased_at is null;
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

-- These are deleted.
create function quire.files_deleted(p_keys text[]) returns void
language sql security definer set search_path = '' as $$
  delete from quire.files_to_delete f where f.key = any (p_keys)
$$;

-- How many rows of a table name one of these ids, in whatever column, whole or within: a proof that an erasure was
-- complete looks through every table that there is. Two columns hold what was read, and belong to their row's owner,
-- which is a column of its own; whatever else is added is looked through without being asked.
create function quire.count_traces(p_table regclass, p_ids uuid[]) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  conditions text;
  found bigint;
begin
  select string_agg(
    case
      when t.typname = 'uuid' then format('r.%I = any ($1)', a.attname)
      else format(
        -- Without parentheses in it, the pattern costs a tenth.
        'length(r.%1$I::text) >= 36 and exists (
          select from regexp_matches(lower(r.%1$I::text), %2$L, %3$L) m where m[1]::uuid = any ($1)
        )',
        a.attname, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g'
      )
    end, ' or '
  ) into conditions
  from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
    -- Types that can hold an id: text and all that is kept as text, JSON, identifiers, arrays and types of our own.
    and (t.typcategory in ('S', 'A', 'C', 'U') or t.typname = 'uuid')
    and t.typname not in ('tsvector', 'bytea')
    and not (p_table = 'public.page_contents'::regclass and a.attname in ('text', 'words'));
  if conditions is null then
    return 0;
  end if;
  execute format('select count(*) from %s r where %s', p_table, conditions) into found using p_ids;
  return found;
end
$$;

revoke all on quire.files_to_delete from public;
grant select on quire.files_to_delete to service_role;
revoke all on function
  quire.preview_key(uuid, uuid, int, int, int), quire.forget_previews(), quire.forget_document(),
  quire.refuse_without_original(), quire.erase_expired(real, int), quire.erase_originals(real, int),
  quire.erase_owned(uuid, int), quire.forget_owner(uuid), quire.take_files_to_delete(int), quire.files_deleted(text[]),
  quire.count_traces(regclass, uuid[])
  from public;
grant execute on function
  quire.preview_key(uuid, uuid, int, int, int), quire.forget_previews(), quire.forget_document(),
  quire.refuse_without_original(), quire.erase_expired(real, int), quire.erase_originals(real, int),
  quire.erase_owned(uuid, int), quire.forget_owner(uuid), quire.take_files_to_delete(int), quire.files_deleted(text[]),
  quire.count_traces(regclass, uuid[])
  to service_role;
