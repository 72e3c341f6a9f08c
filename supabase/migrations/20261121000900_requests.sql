-- What an owner or an operator asks for: stop, read again, try again.

-- Stops a document. Its worker learns so at its next page. A reprocessing that is cancelled leaves what was there
-- before. Returns the new status; a document that is at its end already keeps its own.
create function quire.cancel_document(p_document uuid) returns text
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
begin
  perform quire.lock_job(p_document);
  d := quire.lock_document(p_document);
  if d.status not in ('uploaded', 'queued', 'processing') then
    return d.status;
  end if;
  update pgboss.job j set state = 'cancelled', completed_on = now()
  where j.name = 'ocr-' || d.lane and j.id = d.job_id and j.state < 'completed';
  delete from public.pages_in_flight f where f.document_id = p_document;
  update public.documents doc set
    status = 'cancelled', claim = doc.claim + 1, worker_id = null, job_id = null, finished_at = now()
  where doc.id = p_document;
  if d.current_run <> d.visible_run then
    delete from public.pages p where p.document_id = p_document and p.run <> d.visible_run;
    update public.documents doc set
      current_run = d.visible_run,
      pages_done = counted.done,
      pages_failed = counted.failed,
      status = case
        when counted.done < doc.page_count then 'cancelled'
        when counted.failed > 0 then 'partial'
        else 'completed'
      end
    from (
      select count(*) as done, count(*) filter (where p.outcome = 'failed') as failed
      from public.pages p where p.document_id = p_document
    ) counted
    where doc.id = p_document
    returning doc.status into d.status;
    return d.status;
  end if;
  return 'cancelled';
end
$$;

-- Reads a document anew, in a run beside the visible one, which readers keep until the new one is complete.
-- Errors: document_not_found, document_busy, and those of quire.enqueue.
create function quire.reprocess_document(p_document uuid) returns void
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

-- Tries a document again that gave up, was cancelled or has failed pages: only what is missing is read.
-- Errors: document_not_found, document_busy (waiting, being read, or complete), and those of quire.enqueue.
create function quire.redrive_document(p_document uuid) returns void
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
    )
  where doc.id = p_document;
  perform quire.enqueue(p_document);
end
$$;

-- Puts back documents that wait, or are being read, without an open job: somebody removed it past these functions, or
-- a backup was restored. Returns how many.
create function quire.requeue_lost_documents() returns int
language plpgsql security definer set search_path = '' as $$
declare
  d public.documents;
  new_job uuid;
  requeued int := 0;
begin
  for d in
    select doc.* from public.documents doc
    where doc.status in ('queued', 'processing') and not exists (
      select from pgboss.job j where j.name = 'ocr-' || doc.lane and j.id = doc.job_id and j.state < 'completed'
    )
    limit 1000 for update skip locked
  loop
    new_job := gen_random_uuid();
    update public.documents doc set
      status = 'queued', claim = doc.claim + 1, worker_id = null, job_id = new_job,
      queue_rank = coalesce(doc.queue_rank, 0)
    where doc.id = d.id;
    perform quire.put_job(new_job, d.id, d.lane, quire.job_priority(d.priority, coalesce(d.queue_rank, 0)), 0);
    requeued := requeued + 1;
  end loop;
  return requeued;
end
$$;
