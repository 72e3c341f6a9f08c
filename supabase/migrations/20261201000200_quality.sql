-- Options: how thoroughly to read (`quality`) comes, straightening (`deskew`) goes, and the language is found out unless
-- somebody names it.

-- As before. Without a quality a document is read as its worker's OCR_QUALITY says. `deskew`, which clients of earlier
-- versions send, is dropped: every page is straightened where that helps.
create or replace function quire.complete_options(options jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
  complete jsonb;
begin
  if jsonb_typeof(options) = 'object' then
    complete := '{"languages": ["auto"], "textLayer": "auto", "rotate": "auto"}'::jsonb || (options - 'deskew');
  end if;
  if complete is null
    or complete - array['languages', 'textLayer', 'rotate', 'quality'] <> '{}'::jsonb
    or jsonb_typeof(complete -> 'languages') <> 'array'
    or jsonb_array_length(complete -> 'languages') not between 1 and 10
    or exists (
      select from jsonb_array_elements(complete -> 'languages') l
      where jsonb_typeof(l) <> 'string' or (l #>> '{}') !~ '^[A-Za-z_]{3,20}$'
    )
    or complete -> 'textLayer' not in ('"auto"', '"never"', '"only"')
    or complete -> 'rotate' not in ('"auto"', '"never"')
    or complete -> 'quality' not in ('"fast"', '"balanced"', '"best"')
  then
    raise exception using errcode = 'PT422', message = 'invalid_document',
      detail = 'The options of a document are languages (1 to 10 names such as eng, or auto), textLayer (auto, never, only), rotate (auto, never) and quality (fast, balanced, best).';
  end if;
  return complete;
end
$$;

-- Equal for options under which a document is read in the same way: `["eng"]`, the default of earlier versions, counts as
-- `["auto"]`, no quality as balanced, and `deskew` does not count.
create function quire.options_hash(options jsonb) returns text
language sql immutable parallel safe set search_path = '' as $$
  select md5((
    '{"quality": "balanced"}'::jsonb || (options - 'deskew')
    || case when options -> 'languages' = '["eng"]' then '{"languages": ["auto"]}'::jsonb else '{}' end
  )::text)
$$;

-- Computed anew for every document. (Dropping the column drops its index and its grant.)
alter table public.documents drop column options_hash;
alter table public.documents
  add column options_hash text not null generated always as (quire.options_hash(options)) stored;
create index documents_same_content on public.documents (owner_id, sha256, options_hash) where sha256 is not null;
grant select (options_hash) on public.documents to authenticated;

-- As before, except that results of an older reader do not make reading again needless.
create or replace function quire.add_document(
  p_id uuid, p_owner uuid, p_filename text, p_storage_key text, p_size_bytes bigint, p_sha256 text, p_options jsonb,
  p_priority int, p_force boolean
) returns table (id uuid, created boolean)
language plpgsql security definer set search_path = '' as $$
declare
  same uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('quire.enqueue:' || p_owner::text, 0));
  if exists (select from public.documents d where d.id = p_id and d.owner_id = p_owner) then
    return query select p_id, false;
    return;
  end if;
  if not p_force then
    select d.id into same from public.documents d
    where d.owner_id = p_owner and d.sha256 = p_sha256
      and d.options_hash = quire.options_hash(quire.complete_options(p_options))
      and d.status in ('uploaded', 'queued', 'processing', 'completed')
      and (d.status <> 'completed' or not exists (
        select from public.pages p
        where p.document_id = d.id and p.run = d.visible_run and p.outcome = 'recognized'
          and quire.reader_version(p.reader) < quire.current_reader_version()
      ))
    order by d.created_at desc limit 1;
    if found then
      return query select same, false;
      return;
    end if;
  end if;
  insert into public.documents (id, owner_id, filename, storage_key, size_bytes, sha256, options, priority)
  values (p_id, p_owner, p_filename, p_storage_key, p_size_bytes, p_sha256, p_options, p_priority);
  return query select p_id, true;
end
$$;

-- As before, with the options as workers of this version and the one before it understand them. An older worker
-- straightens pages only where `deskew` says so. Documents of before this migration have `deskew`, and their `["eng"]`
-- was the default, not anybody's choice.
create or replace function quire.claim_document(p_document uuid, p_job uuid, p_worker text) returns table (
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
  if d.options ? 'deskew' and d.options -> 'languages' = '["eng"]' then
    d.options := d.options || '{"languages": ["auto"]}';
  end if;
  update public.pages_in_flight f set deaths = f.deaths + 1, alone = false
  where f.document_id = p_document and f.alone;
  return query select
    d.owner_id, d.current_run, d.storage_key, d.size_bytes, d.sha256, '{"deskew": "auto"}' || d.options, d.lane,
    d.page_count, d.claim,
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

-- A column that is computed asks whoever inserts for the right to call its function, and a user inserts documents.
revoke all on function quire.options_hash(jsonb) from public;
grant execute on function quire.options_hash(jsonb) to authenticated, service_role;
