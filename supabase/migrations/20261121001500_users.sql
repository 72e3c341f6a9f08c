-- What signed-in users ask for. Whoever asks is `auth.uid()`, and never a parameter: each function for them looks
-- after that itself, as it runs with the rights of whoever made it. They stand in public, where `rpc` finds them.

-- Why a document is none of the asker's to change. Errors: document_not_found, document_erased (it was the asker's).
create function quire.assert_own(p_document uuid) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  asker uuid := auth.uid();
begin
  if exists (select from public.documents d where d.id = p_document and d.owner_id = asker) then
    return;
  end if;
  if exists (select from public.erased_documents e where e.document_id = p_document and e.owner_id = asker) then
    raise exception using errcode = 'PT410', message = 'document_erased';
  end if;
  raise exception using errcode = 'PT404', message = 'document_not_found';
end
$$;

-- Stops a document. Returns its status now; one that is at its end keeps its own.
create function public.cancel_document(document_id uuid) returns text
language plpgsql security definer set search_path = '' as $$
begin
  perform quire.assert_own(document_id);
  return quire.cancel_document(document_id);
end
$$;

-- Reads what is missing of a document that failed, was cancelled or has failed pages.
-- Errors: document_busy, owner_queue_full, queue_full.
create function public.retry_document(document_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform quire.assert_own(document_id);
  perform quire.redrive_document(document_id);
end
$$;

-- Reads a document anew; what is there stays until the new pages are complete. Errors: as above.
create function public.reprocess_document(document_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform quire.assert_own(document_id);
  perform quire.reprocess_document(document_id);
end
$$;

-- Erases a document, and returns what was stored for it: see quire.erase_document, which asks whose it is.
create function public.erase_document(document_id uuid) returns table (storage_key text, previews jsonb)
language sql security definer set search_path = '' as $$
  select e.storage_key, e.previews from quire.erase_document(auth.uid(), erase_document.document_id) e
$$;

-- Adds a document whose file is stored: see quire.add_document. Returns its id, or that of a document with the same
-- content and options. A file is the asker's where its key begins with the asker's id: as the policy has it.
create function public.add_document(
  id uuid, filename text, storage_key text, size_bytes bigint, sha256 text, options jsonb default '{}',
  force boolean default false
) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  asker uuid := auth.uid();
  added uuid;
begin
  if asker is null or not starts_with(add_document.storage_key, asker || '/') then
    raise exception using errcode = 'insufficient_privilege', message = 'A file is named after whoever stored it.';
  end if;
  select a.id into added from quire.add_document(
    add_document.id, asker, add_document.filename, add_document.storage_key, add_document.size_bytes,
    add_document.sha256, add_document.options, 0, add_document.force
  ) a;
  return added;
end
$$;

-- Whether a document of this owner's could be queued now: to say so before it is uploaded. What holds is what
-- quire.enqueue says when it is. Errors: owner_queue_full, queue_full.
create function quire.assert_room(p_owner uuid) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  limits quire.limits;
begin
  select * into limits from quire.limits;
  if (
    select count(*) from (
      select from public.documents d where d.owner_id = p_owner and d.status = 'queued'
      limit limits.max_queued_per_owner
    ) w
  ) >= limits.max_queued_per_owner then
    raise exception using errcode = 'PT429', message = 'owner_queue_full',
      detail = 'As many documents of this owner are waiting as there may be.';
  end if;
  if (
    select count(*) from (select from public.documents d where d.status = 'queued' limit limits.max_queued) w
  ) >= limits.max_queued then
    raise exception using errcode = 'PT429', message = 'queue_full',
      detail = 'As many documents are waiting as there may be.';
  end if;
end
$$;

create function public.assert_queue_room() returns void
language sql stable security definer set search_path = '' as $$
  select quire.assert_room(auth.uid())
$$;

-- How long documents of an owner will take, of at most 500: documents that are read before one while it waits, at most
-- 1,000 of them counted, and an estimate of the seconds until its last page is read; null where there is nothing to
-- estimate by. Of what is none of the owner's, or at its end, there is no row.
--
-- Pages still to be read are `greatest(coalesce(page_count, …) - pages_done, 0)`: unopened, a page weighs 0.25 MB, as
-- quire.lane has it. (It is written out, for a function of its own would be called for each of 1,000 documents.)
create function quire.standing_of(p_owner uuid, p_documents uuid[])
returns table (id uuid, queue_position int, seconds_left int)
language sql stable security definer set search_path = '' set plan_cache_mode = 'force_custom_plan' as $$
  with asked as materialized (
    select d.*,
      greatest(coalesce(d.page_count, greatest(ceil(d.size_bytes / 250000.0), 1)) - d.pages_done, 0) as pages_left
    from public.documents d
    where d.id = any(p_documents) and d.owner_id = p_owner and d.status in ('queued', 'processing')
  ),

  -- Seconds that all workers together take for a page. Between two pages lies what the second one took at most, and a
  -- second for what is done around it: where it was longer, there was nothing to read.
  pace as materialized (
    select avg(least(gap_seconds, took_seconds + 1)) as page_seconds from (
      select p.duration_ms / 1000.0 as took_seconds,
        extract(epoch from p.created_at - lag(p.created_at) over (order by p.created_at)) as gap_seconds
      from (
        select p.created_at, p.duration_ms from public.pages p
        where p.created_at > now() - interval '10 minutes' order by p.created_at desc limit 200
      ) p
    ) lately
  ),

  -- Of a document that is being read: the pace of the claim that reads it, and how long ago it saved a page. Its first
  -- page tells no pace yet.
  being_read as (
    select a.id, a.pages_left, saved.since_seconds, coalesce(saved.page_seconds, pace.page_seconds) as page_seconds
    from asked a cross join pace cross join lateral (
      select extract(epoch from now() - max(p.created_at)) as since_seconds,
        extract(epoch from max(p.created_at) - min(p.created_at)) / nullif(count(*) - 1, 0) as page_seconds
      from (
        select p.created_at from public.pages p
        where p.document_id = a.id and p.run = a.current_run and p.claim = a.claim
        order by p.revision desc limit 10
      ) p
    ) saved
    where a.status = 'processing'
  ),

  waiting as materialized (
    select a.id, a.lane, a.pages_left, a.job_id, j.priority, j.created_on, j.start_after
    from asked a join pgboss.job j on j.name = 'ocr-' || a.lane and j.id = a.job_id where a.status = 'queued'
  ),

  -- The heads of the lanes, in the order in which pg-boss hands out what can be claimed now, as far as anybody asked.
  heads as materialized (
    select lanes.lane, j.id as job_id, j.priority, j.created_on, j.pages_left
    from (select lane, min(priority) as priority from waiting group by lane) lanes cross join lateral (
      select j.id, j.priority, j.created_on,
        greatest(coalesce(d.page_count, greatest(ceil(d.size_bytes / 250000.0), 1)) - d.pages_done, 0) as pages_left
      from pgboss.job j left join public.documents d on d.id = (j.data ->> 'documentId')::uuid
      where j.name = 'ocr-' || lanes.lane and j.priority >= lanes.priority
        and j.state < 'active' and not j.blocked and j.start_after <= now()
      order by j.priority desc, j.created_on limit 1000
    ) j
  ),

  -- Those who asked stand among them, also if they wait for their next attempt or are further back.
  line as (
    select lane, job_id, count(pages_left) over before as documents, coalesce(sum(pages_left) over before, 0) as pages
    from (
      select lane, job_id, priority, created_on, max(pages_left) as pages_left from (
        select lane, job_id, priority, created_on, pages_left from heads
        union all
        select lane, job_id, priority, created_on, null from waiting
      ) all_of_them
      group by lane, job_id, priority, created_on
    ) each
    window before as (
      partition by lane order by priority desc, created_on, job_id rows between unbounded preceding and 1 preceding
    )
  ),

  -- What is being read in a lane comes before what waits in it.
  under_way as (
    select d.lane,
      sum(greatest(coalesce(d.page_count, greatest(ceil(d.size_bytes / 250000.0), 1)) - d.pages_done, 0)) as pages
    from public.documents d where d.status = 'processing' group by d.lane
  )

  select being_read.id, null::int,
    -- The page under way has had some of its time already. (greatest would take null for the least.)
    case when page_seconds is not null then
      ceil(greatest(pages_left * page_seconds - least(coalesce(since_seconds, 0), page_seconds), 0))::int
    end
  from being_read
  union all
  select w.id, line.documents::int,
    case when line.documents < 1000 and pace.page_seconds is not null then ceil(
      greatest(
        (coalesce(under_way.pages, 0) + line.pages) * pace.page_seconds,
        extract(epoch from w.start_after - now())
      ) + w.pages_left * pace.page_seconds
    )::int end
  from waiting w cross join pace
    join line on line.job_id = w.job_id
    left join under_way on under_way.lane = w.lane
$$;

create function public.queue_standing(document_ids uuid[])
returns table (id uuid, queue_position int, seconds_left int)
language sql stable security definer set search_path = '' as $$
  select s.id, s.queue_position, s.seconds_left from quire.standing_of(auth.uid(), document_ids[1:500]) s
$$;

-- What finds in the index the pages that may be meant: those with all words of an alternative. Alternatives are
-- `[{"included": [TERM], "excluded": [TERM]}]`, a term `{"words": [TEXT], "isPrefix": BOOLEAN}`: words that stand one
-- after the other, as quire.words writes them, the last of which may be the beginning of one. Each stands behind the
-- end of the owner's id, so that no query reaches what others have, not even to be filtered out.
create function quire.index_query(p_owner uuid, p_alternatives jsonb) returns tsquery
language sql immutable set search_path = '' as $$
  select string_agg(of_alternative.query, ' | ')::tsquery
  from jsonb_array_elements(p_alternatives) a cross join lateral (
    select '(' || string_agg(distinct
      '''' || right(p_owner::text, 12) || replace(replace(left(w.word, 100), '\', '\\'), '''', '''''') || ''''
        || case when (t ->> 'isPrefix')::boolean and w.place = jsonb_array_length(t -> 'words') then ':*' else '' end,
      ' & '
    ) || ')' as query
    from jsonb_array_elements(a -> 'included') t
      cross join lateral jsonb_array_elements_text(t -> 'words') with ordinality w (word, place)
  ) of_alternative
$$;

-- The patterns of LIKE for these terms, in what quire.words makes of a text.
create function quire.like_patterns(p_terms jsonb) returns text[]
language sql immutable set search_path = '' as $$
  select coalesce(array_agg(
    '% ' || (
      select string_agg(w.word, ' ' order by w.place)
      from jsonb_array_elements_text(t -> 'words') with ordinality w (word, place)
    ) || case when (t ->> 'isPrefix')::boolean then '%' else ' %' end
  ), '{}') from jsonb_array_elements(p_terms) t
$$;

-- Pages of an owner's documents that may be meant, of the run that can be seen: those of the newest document first, of a
-- document in order, behind the place that is given (created_micros: microseconds since 1970). Each says whether it is
-- meant, which the index alone does not know of words that stand side by side, or must not be there.
--
-- It goes past row-level security because `@@` is not leakproof: below a policy the index could not be used for it.
create function quire.find_pages(
  p_owner uuid, p_alternatives jsonb, p_document uuid, p_after_micros bigint, p_after_document uuid, p_after_page int,
  p_limit int
) returns table (document_id uuid, filename text, run int, page_number int, created_micros text, is_hit boolean)
language plpgsql stable security definer set search_path = '' set plan_cache_mode = 'force_custom_plan' as $$
declare
  query tsquery := quire.index_query(p_owner, p_alternatives);
  after_created timestamptz := timestamptz 'epoch' + p_after_micros * interval '1 microsecond';
  needs_text boolean := jsonb_path_exists(
    p_alternatives, '$[*] ? (@.excluded.size() > 0 || @.included[*].words.size() > 1)'
  );
  patterns jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'included', quire.like_patterns(a -> 'included'), 'excluded', quire.like_patterns(a -> 'excluded')
  )) into patterns from jsonb_array_elements(p_alternatives) a;
  return query
    -- Materialised: to find few of many, a planner would rather take page after page apart than ask the index.
    with found as materialized (
      select c.document_id, c.run, c.page_number from public.page_contents c
      where quire.searchable(c.owner_id, c.text) @@ query and c.owner_id = p_owner
        and (p_document is null or c.document_id = p_document)
    ),
    candidates as materialized (
      select d.id, d.filename, c.run, c.page_number, d.created_at
      from found c join public.documents d on d.id = c.document_id and d.visible_run = c.run
      where d.owner_id = p_owner
        and (after_created is null or (d.created_at, d.id) < (after_created, p_after_document)
          or (d.created_at, d.id) = (after_created, p_after_document) and c.page_number > p_after_page)
      order by d.created_at desc, d.id desc, c.page_number limit p_limit
    )
    select c.id, c.filename, c.run, c.page_number, (extract(epoch from c.created_at) * 1000000)::bigint::text,
      not needs_text or (
        -- Materialised, so that the words are made once, however often they are looked through.
        with of_page as materialized (
          select quire.words(p.text) as words from public.page_contents p
          where (p.document_id, p.run, p.page_number) = (c.id, c.run, c.page_number)
        )
        select bool_or(
          not exists (select from jsonb_array_elements_text(n -> 'included') i where of_page.words not like i)
          and not exists (select from jsonb_array_elements_text(n -> 'excluded') e where of_page.words like e)
        )
        from of_page, jsonb_array_elements(patterns) n
      )
    from candidates c
    order by c.created_at desc, c.id desc, c.page_number;
end
$$;

-- The same of the asker's, for the API, which takes queries apart itself. Queries of people have 200 characters.
create function quire.find_own_pages(
  p_alternatives jsonb, p_document uuid, p_after_micros bigint, p_after_document uuid, p_after_page int, p_limit int
) returns table (document_id uuid, filename text, run int, page_number int, created_micros text, is_hit boolean)
language plpgsql stable security definer set search_path = '' as $$
begin
  if length(p_alternatives::text) > 20000 then
    raise exception using errcode = 'PT400', message = 'invalid_request', detail = 'The search is too long.';
  end if;
  return query select f.* from quire.find_pages(
    auth.uid(), p_alternatives, p_document, p_after_micros, p_after_document, p_after_page, least(p_limit, 501)
  ) f;
end
$$;

-- The asker's pages that have all words of a query, of each of which the beginning is enough; the newest document's first.
create function public.search_pages(query text, only_document uuid default null, max_pages int default 20)
returns table (document_id uuid, filename text, page_number int)
language plpgsql stable security definer set search_path = '' as $$
declare
  terms jsonb;
begin
  if length(query) > 200 then
    raise exception using errcode = 'PT400', message = 'invalid_request', detail = 'A search may have 200 characters.';
  end if;
  select jsonb_agg(jsonb_build_object('words', jsonb_build_array(word), 'isPrefix', true)) into terms
  from string_to_table(trim(quire.words(query)), ' ') word where word <> '';
  return query select f.document_id, f.filename, f.page_number from quire.find_pages(
    auth.uid(), jsonb_build_array(jsonb_build_object('included', terms, 'excluded', jsonb_build_array())), only_document,
    null, null, null, least(greatest(max_pages, 0), 50)
  ) f where terms is not null;
end
$$;

-- Closed to all but those whom they are for: Supabase opens what is new in public to its roles.
revoke all on function
  public.cancel_document(uuid), public.retry_document(uuid), public.reprocess_document(uuid),
  public.erase_document(uuid), public.add_document(uuid, text, text, bigint, text, jsonb, boolean),
  public.assert_queue_room(), public.queue_standing(uuid[]), public.search_pages(text, uuid, int)
  from public, anon, service_role;
grant execute on function
  public.cancel_document(uuid), public.retry_document(uuid), public.reprocess_document(uuid),
  public.erase_document(uuid), public.add_document(uuid, text, text, bigint, text, jsonb, boolean),
  public.assert_queue_room(), public.queue_standing(uuid[]), public.search_pages(text, uuid, int)
  to authenticated;
revoke all on function
  quire.assert_own(uuid), quire.assert_room(uuid), quire.standing_of(uuid, uuid[]), quire.index_query(uuid, jsonb),
  quire.like_patterns(jsonb), quire.find_pages(uuid, jsonb, uuid, bigint, uuid, int, int),
  quire.find_own_pages(jsonb, uuid, bigint, uuid, int, int)
  from public;
grant execute on function
  quire.assert_own(uuid), quire.assert_room(uuid), quire.standing_of(uuid, uuid[]), quire.index_query(uuid, jsonb),
  quire.like_patterns(jsonb), quire.find_pages(uuid, jsonb, uuid, bigint, uuid, int, int)
  to service_role;
grant execute on function quire.find_own_pages(jsonb, uuid, bigint, uuid, int, int) to authenticated;
-- It takes a text apart, and knows of nothing else.
grant execute on function quire.words(text) to authenticated;
