-- The only way into the queue: quire.enqueue, called by the trigger, the API and the command line.

-- One row. `quire migrate` and `quire start` write what MAX_QUEUED_PER_OWNER and MAX_QUEUED say.
create table quire.limits (
  only_row boolean primary key default true check (only_row),
  max_queued_per_owner int not null default 1000 check (max_queued_per_owner > 0),
  max_queued int not null default 100000 check (max_queued > 0)
);
insert into quire.limits default values;

-- One row: what tells this database from every other, for file stores to know whose they are.
create table quire.installation (
  only_row boolean primary key default true check (only_row),
  id uuid not null default gen_random_uuid()
);
insert into quire.installation default values;

-- How to read a document, complete, so that equal options are equal bytes.
create function quire.complete_options(options jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
  complete jsonb := '{"languages": ["eng"], "textLayer": "auto", "rotate": "auto", "deskew": "auto"}'::jsonb || options;
begin
  if jsonb_typeof(options) is distinct from 'object'
    or complete - array['languages', 'textLayer', 'rotate', 'deskew'] <> '{}'::jsonb
    or jsonb_typeof(complete -> 'languages') <> 'array'
    or jsonb_array_length(complete -> 'languages') not between 1 and 10
    or exists (
      select from jsonb_array_elements(complete -> 'languages') l
      where jsonb_typeof(l) <> 'string' or (l #>> '{}') !~ '^[A-Za-z_]{3,20}$'
    )
    or complete -> 'textLayer' not in ('"auto"', '"never"', '"only"')
    or complete -> 'rotate' not in ('"auto"', '"never"')
    or complete -> 'deskew' not in ('"auto"', '"never"')
  then
    raise exception using errcode = 'PT422', message = 'invalid_document',
      detail = 'The options of a document are languages (1 to 10 names such as eng), textLayer (auto, never, only), rotate and deskew (auto, never).';
  end if;
  return complete;
end
$$;

-- What pg-boss sorts by: a document's priority first, its rank within it. Ten million ranks lie between two priorities.
create function quire.job_priority(priority int, rank int) returns int
language sql immutable set search_path = '' as $$
  select priority * 10000000 - rank
$$;

-- Puts a job for the document into its lane. Every option is set from the queue: a bare insert would take the
-- table's defaults. The document's row is written by the caller.
create function quire.put_job(job_id uuid, document_id uuid, lane text, priority int, delay_seconds int) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into pgboss.job (
    id, name, data, priority, start_after, keep_until, policy, retry_limit, retry_delay, retry_backoff,
    expire_seconds, deletion_seconds, heartbeat_seconds
  )
  select
    put_job.job_id, q.name, jsonb_build_object('documentId', put_job.document_id), put_job.priority,
    now() + make_interval(secs => delay_seconds), now() + make_interval(secs => q.retention_seconds), q.policy,
    q.retry_limit, q.retry_delay, q.retry_backoff, q.expire_seconds, q.deletion_seconds, q.heartbeat_seconds
  from pgboss.queue q
  where q.name = 'ocr-' || put_job.lane;
  if not found then
    raise exception 'there is no queue ocr-%', put_job.lane;
  end if;
  if delay_seconds = 0 then
    perform pg_notify('quire_queue', put_job.lane);
  end if;
end
$$;

-- Fairness by start-time fair queueing: an owner's document stands one rank behind the last one its owner has waiting
-- in the lane, and never before the head of the lane. So the owners' first documents come first, then their second
-- ones; a lone owner is served without a pause, and nobody starves, for ranks only rise. Lower rank, higher priority.
-- What waits for its next attempt is not the head: it keeps its low rank, and newcomers would overtake everybody.
create function quire.next_rank(owner_id uuid, lane text, priority smallint) returns int
language sql stable security definer set search_path = '' as $$
  select greatest(
    coalesce((
      select max(d.queue_rank) + 1 from public.documents d
      where d.owner_id = next_rank.owner_id and d.lane = next_rank.lane
        and d.priority = next_rank.priority and d.status = 'queued'
    ), 0),
    coalesce((
      select quire.job_priority(next_rank.priority, 0) - j.priority from pgboss.job j
      where j.name = 'ocr-' || next_rank.lane and j.state < 'active' and not j.blocked
        and j.start_after <= now() and j.priority <= quire.job_priority(next_rank.priority, 0)
        and j.priority > quire.job_priority(next_rank.priority - 1, 0)
      order by j.priority desc limit 1
    ), 0)
  )
$$;

-- A document, locked. Error: document_not_found.
create function quire.lock_document(p_document uuid) returns public.documents
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  select * into d from public.documents doc where doc.id = p_document for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'document_not_found';
  end if;
  return d;
end
$$;

-- Puts a document into the queue.
--
-- Errors: document_not_found; document_busy (it is waiting or being read already); owner_queue_full, queue_full.
create function quire.enqueue(document uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
  waiting_of_owner int;
  waiting int;
  limits quire.limits;
  new_job uuid := gen_random_uuid();
  new_lane text;
  new_rank int;
begin
  d := quire.lock_document(document);
  if d.status in ('queued', 'processing') then
    raise exception using errcode = 'PT409', message = 'document_busy';
  end if;

  -- One owner's documents one after the other, so that the bound holds and ranks differ; owners do not wait for
  -- each other, and claims wait for nobody.
  perform pg_advisory_xact_lock(hashtextextended('quire.enqueue:' || d.owner_id::text, 0));
  select * into limits from quire.limits;
  select count(*) into waiting_of_owner from (
    select from public.documents w where w.owner_id = d.owner_id and w.status = 'queued'
    limit limits.max_queued_per_owner
  ) w;
  if waiting_of_owner >= limits.max_queued_per_owner then
    raise exception using errcode = 'PT429', message = 'owner_queue_full',
      detail = format('%s documents of this owner are waiting, the most there may be.', limits.max_queued_per_owner);
  end if;
  select count(*) into waiting from (
    select from public.documents w where w.status = 'queued' limit limits.max_queued
  ) w;
  if waiting >= limits.max_queued then
    raise exception using errcode = 'PT429', message = 'queue_full',
      detail = format('%s documents are waiting, the most there may be.', limits.max_queued);
  end if;

  new_lane := quire.lane(d.size_bytes, coalesce(d.page_count, 0));
  new_rank := quire.next_rank(d.owner_id, new_lane, d.priority);
  update public.documents set
    status = 'queued', lane = new_lane, queue_rank = new_rank, job_id = new_job, queued_at = now(),
    failures = 0, stalls = 0, error_code = null, error_message = null, finished_at = null
  where id = document;
  perform quire.put_job(new_job, document, new_lane, quire.job_priority(d.priority, new_rank), 0);
end
$$;

create function quire.complete_inserted() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.options := quire.complete_options(new.options);
  return new;
end
$$;
create trigger documents_complete before insert on public.documents
  for each row execute function quire.complete_inserted();

create function quire.enqueue_inserted() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform quire.enqueue(new.id);
  return null;
end
$$;
create trigger documents_enqueue after insert on public.documents
  for each row when (new.status = 'uploaded') execute function quire.enqueue_inserted();

-- Adds a document whose file is stored. The same owner, content and options again: the document that is waiting,
-- being read or completed is returned instead, with created = false, unless force is set. Called again with the same
-- id, because the answer was lost, it adds nothing.
create function quire.add_document(
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
      and d.options_hash = md5(quire.complete_options(p_options)::text)
      and d.status in ('uploaded', 'queued', 'processing', 'completed')
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
