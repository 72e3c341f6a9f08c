-- A claim: one worker's hold on a document. Every function here that writes for a worker takes the claim's number and
-- changes nothing when another claim has begun since; its result says so (false, or null).
--
-- A job's row is locked before its document's, everywhere: a claim cannot do otherwise, for it learns of the document
-- from the job.

create function quire.lock_job(p_document uuid) returns void
language sql security definer set search_path = '' as $$
  select from pgboss.job j join public.documents d on j.id = d.job_id and j.name = 'ocr-' || d.lane
  where d.id = p_document for update of j
$$;

-- A document that this claim still holds, locked; null if the claim is stale.
create function quire.lock_claimed(p_document uuid, p_claim int) returns public.documents
language sql security definer set search_path = '' as $$
  select d from public.documents d
  where d.id = p_document and d.claim = p_claim and d.status = 'processing' for update
$$;

-- Begins a claim, in the transaction in which the job was fetched. No row: the job is not this document's any more
-- (cancelled, erased, queued anew), and is to be dropped.
--
-- A document that is still 'processing' was left by a worker that died. Whatever that worker had under way is suspect;
-- what it had under way all by itself has one more death to explain.
create function quire.claim_document(p_document uuid, p_job uuid, p_worker text) returns table (
  storage_key text, size_bytes bigint, sha256 text, options jsonb, lane text, page_count int, claim int,
  pages_read int[], suspects jsonb
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
    d.storage_key, d.size_bytes, d.sha256, d.options, d.lane, d.page_count, d.claim,
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

-- Says what opening the document found. Returns the lane it belongs to now, or null if the claim is stale.
create function quire.describe_document(
  p_document uuid, p_claim int, p_page_count int, p_content_type text, p_sha256 text
) returns text
language plpgsql security definer set search_path = '' as $$
declare
  lane_now text;
begin
  update public.documents d set
    page_count = p_page_count, content_type = p_content_type, sha256 = coalesce(d.sha256, p_sha256)
  where d.id = p_document and d.claim = p_claim and d.status = 'processing'
  returning quire.lane(d.size_bytes, p_page_count) into lane_now;
  if found then
    delete from public.pages_in_flight f where f.document_id = p_document and f.page_number = 0;
  end if;
  return lane_now;
end
$$;

-- Marks a page (0: the opening) as under way, before it is begun. The commit need not reach the disk: a mark counts
-- after a worker's death, and only a death of the database together with the worker's could lose it.
create function quire.begin_page(p_document uuid, p_claim int, p_page_number int, p_alone boolean) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  insert into public.pages_in_flight as f (document_id, page_number, claim, alone)
  select d.id, p_page_number, p_claim, p_alone from public.documents d
  where d.id = p_document and d.claim = p_claim and d.status = 'processing' for share
  on conflict (document_id, page_number) do update set
    claim = excluded.claim, alone = excluded.alone, started_at = now();
  return found;
end
$$;

-- Saves a page as it was read. Saved twice (the first answer was lost, or is still on its way) it counts once. False if
-- the claim is stale.
create function quire.save_page(
  p_document uuid, p_claim int, p_page_number int, p_outcome text, p_mean_confidence real, p_width int, p_height int,
  p_dpi real, p_rotation int, p_duration_ms int, p_warnings text[], p_error_code text, p_error_message text,
  p_text text, p_words jsonb
) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  saved record;
begin
  insert into public.pages (
    document_id, run, page_number, owner_id, claim, outcome, mean_confidence, width, height, dpi, rotation,
    duration_ms, warnings, error_code, error_message
  )
  select
    d.id, d.current_run, p_page_number, d.owner_id, d.claim, p_outcome, p_mean_confidence, p_width, p_height, p_dpi,
    p_rotation, p_duration_ms, p_warnings, p_error_code, p_error_message
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

-- Ends a claim whose pages are all there. Beyond the given share of failed pages the document is failed, its good pages
-- readable all the same. Otherwise the run becomes the visible one, and the run it replaces goes, in this transaction.
-- Returns the new status, or null if the claim is stale. Error: internal_error, if the pages are not all there, so that
-- it counts against the document: silence would have it claimed again for ever.
create function quire.finish_document(p_document uuid, p_claim int, p_max_failed_ratio real) returns text
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  d := quire.lock_claimed(p_document, p_claim);
  if d.id is null then
    return null;
  end if;
  if d.pages_done is distinct from d.page_count then
    raise exception using errcode = 'PT500', message = 'internal_error',
      detail = format('%s of %s pages are there, and the document was to be finished.', d.pages_done, d.page_count);
  end if;
  if d.pages_failed > d.page_count * p_max_failed_ratio then
    perform quire.give_up(
      p_document, p_claim, 'too_many_failed_pages',
      format('%s of %s pages could not be read. Scan the document again.', d.pages_failed, d.page_count)
    );
    return 'failed';
  end if;
  d.status := case when d.pages_failed > 0 then 'partial' else 'completed' end;
  delete from public.pages_in_flight f where f.document_id = p_document;
  delete from public.pages p
  where d.visible_run <> d.current_run and p.document_id = p_document and p.run <> d.current_run;
  update public.documents doc set
    status = d.status, visible_run = d.current_run, worker_id = null, job_id = null, finished_at = now()
  where doc.id = p_document;
  return d.status;
end
$$;

-- Adds to a document's story, of which the last twenty entries are kept.
create function quire.record_failure(p_document uuid, p_claim int, p_worker text, p_code text, p_message text) returns void
language sql security definer set search_path = '' as $$
  insert into public.document_failures (document_id, claim, worker_id, code, message)
  values (p_document, p_claim, p_worker, p_code, p_message);
  delete from public.document_failures f where f.document_id = p_document and f.id <= (
    select o.id from public.document_failures o where o.document_id = p_document order by o.id desc offset 20 limit 1
  );
$$;

-- The document is a dead letter now: no claim, no job, its story complete.
create function quire.give_up(p_document uuid, p_claim int, p_code text, p_message text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  worker text;
begin
  select d.worker_id into worker from public.documents d where d.id = p_document;
  perform quire.record_failure(p_document, p_claim, worker, p_code, p_message);
  update public.documents d set
    status = 'failed', error_code = p_code, error_message = p_message, worker_id = null, job_id = null,
    finished_at = now()
  where d.id = p_document;
  delete from public.pages_in_flight f where f.document_id = p_document;
end
$$;

-- Ends a claim for good: this document can never be read. False if the claim is stale.
create function quire.fail_document(p_document uuid, p_claim int, p_code text, p_message text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  if (quire.lock_claimed(p_document, p_claim)).id is null then
    return false;
  end if;
  perform quire.give_up(p_document, p_claim, p_code, p_message);
  return true;
end
$$;

-- Ends a claim in which something went wrong that may go better next time. A failure counts always, a stall only if
-- this claim brought no new page; the third of either is the last. The new job waits p_delay_seconds, doubled with
-- every failure or stall before. Returns the new status, or null if the claim is stale.
create function quire.retry_document(
  p_document uuid, p_claim int, p_kind text, p_code text, p_message text, p_delay_seconds int
) returns text
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
  stalled boolean;
  new_job uuid := gen_random_uuid();
begin
  d := quire.lock_claimed(p_document, p_claim);
  if d.id is null then
    return null;
  end if;
  stalled := p_kind = 'stall' and not exists (
    select from public.pages p
    where p.document_id = p_document and p.run = d.current_run and p.claim = p_claim
  );
  d.failures := d.failures + (p_kind = 'failure')::int;
  d.stalls := d.stalls + stalled::int;
  update public.documents doc set failures = d.failures, stalls = d.stalls where doc.id = p_document;
  if d.failures >= 3 or d.stalls >= 3 then
    perform quire.give_up(p_document, p_claim, p_code, p_message);
    return 'failed';
  end if;
  perform quire.record_failure(p_document, p_claim, d.worker_id, p_code, p_message);
  perform quire.forget_claim(p_document, new_job, d.lane, d.queue_rank);
  perform quire.put_job(
    new_job, p_document, d.lane, quire.job_priority(d.priority, d.queue_rank),
    (p_delay_seconds * 2 ^ (greatest(d.failures, d.stalls, 1) - 1))::int
  );
  return 'queued';
end
$$;

-- Moves a claimed document to the lane its page count puts it in; no failure. False if the claim is stale.
create function quire.move_document(p_document uuid, p_claim int, p_lane text) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
  new_job uuid := gen_random_uuid();
  new_rank int;
begin
  d := quire.lock_claimed(p_document, p_claim);
  if d.id is null then
    return false;
  end if;
  new_rank := quire.next_rank(d.owner_id, p_lane, d.priority);
  perform quire.forget_claim(p_document, new_job, p_lane, new_rank);
  perform quire.put_job(new_job, p_document, p_lane, quire.job_priority(d.priority, new_rank), 0);
  return true;
end
$$;

-- Hands a document back: no failure, no stall, nobody suspected who was not before. The caller frees the job, which
-- stays this document's, in the same transaction. False if the claim is stale.
create function quire.release_document(p_document uuid, p_claim int) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  d := quire.lock_claimed(p_document, p_claim);
  if d.id is null then
    return false;
  end if;
  perform quire.forget_claim(p_document, d.job_id, d.lane, d.queue_rank);
  perform pg_notify('quire_queue', d.lane);
  return true;
end
$$;

-- The document waits again, under the given job. What this claim had under way is forgotten; suspects that it did not
-- come to stay suspect, and nothing is charged with a death.
create function quire.forget_claim(p_document uuid, p_job uuid, p_lane text, p_rank int) returns void
language sql security definer set search_path = '' as $$
  update public.documents d set
    status = 'queued', worker_id = null, job_id = p_job, lane = p_lane, queue_rank = p_rank
  where d.id = p_document;
  delete from public.pages_in_flight f using public.documents d
  where d.id = p_document and f.document_id = p_document and f.claim = d.claim
    and f.deaths = 0 and f.kills = 0;
  update public.pages_in_flight f set alone = false where f.document_id = p_document;
$$;

-- What a worker held when it died, for whoever knows for certain that it is dead (its supervisor, its successor on the
-- same machine): its documents, to be freed one by one.
create function quire.documents_held_by(p_worker text) returns table (id uuid, claim int, lane text, job_id uuid)
language sql stable security definer set search_path = '' as $$
  select d.id, d.claim, d.lane, d.job_id from public.documents d
  where d.worker_id = p_worker and d.status = 'processing'
$$;
create index documents_held on public.documents (worker_id) where status = 'processing';

-- Nobody holds this document any more, but its marks stay: the next claim finds the suspects. Where it is known that the
-- worker was killed by somebody else, what it had under way alone is charged with that and not with a death. The caller
-- frees the job in the same transaction. False if another claim has begun since.
create function quire.orphan_document(p_document uuid, p_claim int, p_killed boolean) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  perform quire.lock_job(p_document);
  d := quire.lock_claimed(p_document, p_claim);
  if d.id is null then
    return false;
  end if;
  if p_killed then
    update public.pages_in_flight f set kills = f.kills + 1, alone = false
    where f.document_id = p_document and f.alone;
  end if;
  perform pg_notify('quire_queue', d.lane);
  return true;
end
$$;

-- Takes back the death that a takeover charged to what the claim had under way all by itself: its worker turns out to
-- live (the database was away for longer than a heartbeat, or the machine slept).
create function quire.acquit_claim(p_document uuid, p_claim int) returns void
language sql security definer set search_path = '' as $$
  update public.pages_in_flight f set deaths = f.deaths - 1
  where f.document_id = p_document and f.claim = p_claim and f.deaths > 0 and not f.alone
$$;
