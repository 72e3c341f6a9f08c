-- An owner may be told over HTTP when a document has been read. Deliveries are jobs of a queue of their own: whoever does
-- not answer keeps nobody's document waiting, and of the others' deliveries at most one place of a worker for ten seconds.
--
-- Retried from 10 s on, doubled each time up to three hours, each time by up to as much again at random; 17 times come to
-- about a day. A delivery takes ten seconds at most, so that a job that is active for 60 s was left by a worker that died.
-- What nobody has fetched within a week is no news any more.
select pgboss.create_queue(
  'webhook',
  '{"policy": "standard", "retryLimit": 17, "retryDelay": 10, "retryBackoff": true, "retryDelayMax": 10800,
    "expireInSeconds": 60, "retentionSeconds": 604800, "deleteAfterSeconds": 86400}'
);

create table public.webhooks (
  id uuid primary key,
  owner_id uuid not null,
  url text not null check (length(url) <= 2048 and url ~ '^https?://'),
  -- Standard Webhooks: 24 to 64 bytes. Signing needs it in the clear; it is shown once, when it is made.
  secret text not null check (secret ~ '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$'),
  events text[] not null check (
    cardinality(events) between 1 and 3
    and events <@ array['document.completed', 'document.partial', 'document.failed']
  ),
  -- Null while it is told of documents: else 'gone' (it answered 410) or 'failing' (for days).
  disabled_reason text check (disabled_reason in ('gone', 'failing')),
  created_at timestamptz not null default now(),
  -- Deliveries that failed in a row, since when, and until when none is tried.
  failures int not null default 0,
  failing_since timestamptz,
  paused_until timestamptz,
  -- What went wrong last; it stays when all goes well again. The status is that of an answer.
  last_error text check (last_error ~ '^[a-z_]{1,40}$'),
  last_status int check (last_status between 100 and 999),
  last_error_at timestamptz
);
create index webhooks_by_owner on public.webhooks (owner_id, created_at);

alter table public.webhooks enable row level security;
revoke all on public.webhooks from public, anon, authenticated;
grant all on public.webhooks to service_role;
-- Everything but the secret.
grant select (
  id, owner_id, url, events, disabled_reason, created_at, failures, failing_since, paused_until, last_error, last_status,
  last_error_at
) on public.webhooks to authenticated;
create policy "owners see their webhooks" on public.webhooks
  for select to authenticated using (owner_id = (select auth.uid()));

-- What waits for a webhook: counted when another is added, put off or dropped when it fails. Those statements are planned
-- each time: a plan that was kept from when the queue was empty reads all of it, and it may have grown a thousandfold.
create index quire_webhook_waiting on pgboss.job_common ((data ->> 'webhookId'))
  where name = 'webhook' and state <= 'active';

-- Adds a webhook. The id is the caller's, so that the same addition may be sent twice. Ten of an owner: a document that is
-- finished makes a job for each. Error: too_many_webhooks.
create function quire.add_webhook(p_owner uuid, p_id uuid, p_url text, p_secret text, p_events text[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  most constant int := 10;
begin
  -- One at a time for each owner, so that the count holds.
  perform pg_advisory_xact_lock(hashtextextended('quire.webhooks ' || p_owner, 0));
  if (select count(*) from public.webhooks w where w.owner_id = p_owner and w.id <> p_id) >= most then
    raise exception using errcode = 'PT409', message = 'too_many_webhooks', detail = format('%s are the most.', most);
  end if;
  insert into public.webhooks (id, owner_id, url, secret, events) values (p_id, p_owner, p_url, p_secret, p_events)
  on conflict (id) do nothing;
end
$$;

create function quire.drop_deliveries(p_webhook uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  execute $sql$
    delete from pgboss.job_common j
    where j.name = 'webhook' and j.state < 'active' and j.data ->> 'webhookId' = $1
  $sql$ using p_webhook::text;
end
$$;

-- Removes a webhook and what waits for it. False: the owner has no such webhook.
create function quire.remove_webhook(p_owner uuid, p_webhook uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.webhooks w where w.id = p_webhook and w.owner_id = p_owner;
  if not found then
    return false;
  end if;
  perform quire.drop_deliveries(p_webhook);
  return true;
end
$$;

-- Whom an owner has told, and that nobody is told any more, is logged as what is done with documents is.
create function quire.audit_webhook() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    perform quire.audit(new.owner_id, null, 'webhook_added', jsonb_build_object('webhookId', new.id));
  else
    perform quire.audit(old.owner_id, null, 'webhook_removed', jsonb_build_object('webhookId', old.id));
  end if;
  return null;
end
$$;
create trigger webhooks_audit after insert or delete on public.webhooks
  for each row execute function quire.audit_webhook();

-- What an owner has besides documents goes when the owner is erased.
create or replace function quire.forget_owner(p_owner uuid) returns int
language plpgsql security definer set search_path = '' as $$
declare
  forgotten int;
begin
  perform quire.remove_webhook(p_owner, w.id) from public.webhooks w where w.owner_id = p_owner;
  update public.erased_documents e set owner_id = null where e.owner_id = p_owner;
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;

-- Puts a delivery into the queue; its job's id is the message's. A webhook that fails has its deliveries wait for the end
-- of its pause, behind those of all others. Null where it has a thousand waiting: whoever has missed so much has to ask.
--
-- The group bounds how many are under way to one target: an owner's host, so that several webhooks there count as one, and
-- nobody else's as the same. Hashed, for the queue is to hold no names.
create function quire.put_delivery(w public.webhooks, p_data jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  most_waiting constant int := 1000;
  job_id uuid := gen_random_uuid();
  waiting int;
begin
  execute $sql$
    select count(*) from (
      select from pgboss.job_common j
      where j.name = 'webhook' and j.state < 'active' and j.data ->> 'webhookId' = $1 limit $2
    ) waiting
  $sql$ into waiting using w.id::text, most_waiting;
  if waiting >= most_waiting then
    return null;
  end if;
  insert into pgboss.job (
    id, name, data, priority, group_id, start_after, keep_until, policy, retry_limit, retry_delay, retry_backoff,
    retry_delay_max, expire_seconds, deletion_seconds
  )
  select
    job_id, q.name,
    -- By the document's id it is found, and removed, when that is erased: quire.forget_document.
    jsonb_strip_nulls(jsonb_build_object('webhookId', w.id, 'documentId', p_data #> '{data,documentId}')) || p_data,
    -(w.failures > 0)::int,
    md5(w.owner_id || ' ' || lower(substring(w.url from '^https?://([^/?#]*)'))),
    greatest(now(), w.paused_until), now() + make_interval(secs => q.retention_seconds), q.policy, q.retry_limit,
    q.retry_delay, q.retry_backoff, q.retry_delay_max, q.expire_seconds, q.deletion_seconds
  from pgboss.queue q where q.name = 'webhook';
  perform pg_notify('quire_queue', 'webhook');
  return job_id;
end
$$;

-- Once for every finishing and webhook, in the transaction in which the document is finished: only a claim ends there, and
-- a reprocessing that is cancelled comes back from 'cancelled'. Ids and figures: no name, no text, no message.
create function quire.tell_webhooks() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform quire.put_delivery(w, jsonb_build_object(
    'type', 'document.' || new.status,
    'timestamp', new.finished_at,
    'data', jsonb_build_object(
      'documentId', new.id, 'status', new.status, 'pageCount', new.page_count, 'pagesFailed', new.pages_failed,
      'errorCode', new.error_code, 'finishedAt', new.finished_at
    )
  ))
  from public.webhooks w
  where w.owner_id = new.owner_id and w.disabled_reason is null and 'document.' || new.status = any (w.events);
  return null;
end
$$;
create trigger documents_tell_webhooks after update of status on public.documents
  for each row when (old.status = 'processing' and new.status in ('completed', 'partial', 'failed'))
  execute function quire.tell_webhooks();

-- Queues a message that says nothing but that it arrives. A webhook that was disabled is enabled by its success. Returns
-- the message's id; null where the owner has no such webhook. Error: webhook_busy.
create function quire.test_webhook(p_owner uuid, p_webhook uuid) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  w public.webhooks;
  message_id uuid;
begin
  select * into w from public.webhooks hook where hook.id = p_webhook and hook.owner_id = p_owner;
  if not found then
    return null;
  end if;
  -- Somebody waits for it, and it tells when the pause can end.
  w.paused_until := null;
  message_id := quire.put_delivery(w, jsonb_build_object(
    'type', 'webhook.test', 'timestamp', now(), 'data', jsonb_build_object('webhookId', w.id)
  ));
  if message_id is null then
    raise exception using errcode = 'PT409', message = 'webhook_busy';
  end if;
  return message_id;
end
$$;

-- What is needed to deliver. No row: it is to be dropped, for the webhook was removed or disabled, or the document erased,
-- of which nothing is told any more.
create function quire.begin_delivery(p_webhook uuid, p_document uuid, p_is_test boolean) returns table (url text, secret text)
language sql stable security definer set search_path = '' as $$
  select w.url, w.secret from public.webhooks w
  where w.id = p_webhook and (w.disabled_reason is null or p_is_test)
    and (p_document is null or exists (select from public.documents d where d.id = p_document))
$$;

-- It arrived. What waited for the end of a pause may go now.
create function quire.delivery_succeeded(p_webhook uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  update public.webhooks w set
    failures = 0, failing_since = null, paused_until = null, disabled_reason = null
  where w.id = p_webhook and (w.failures > 0 or w.disabled_reason is not null);
  if found then
    execute $sql$
      update pgboss.job_common j set priority = 0, start_after = least(j.start_after, now())
      where j.name = 'webhook' and j.state < 'active' and j.data ->> 'webhookId' = $1
    $sql$ using p_webhook::text;
    perform pg_notify('quire_queue', 'webhook');
  end if;
end
$$;

-- It did not arrive. The webhook pauses, from 10 s on, doubled with every failure up to an hour; what waits for it is put
-- off until then, behind everybody else's, so that of a dead target one delivery an hour is tried and not a thousand.
-- Disabled when it answers that it is gone, or has failed for three days. Returns why it is disabled now, or null.
create function quire.delivery_failed(p_webhook uuid, p_error text, p_status int) returns text
language plpgsql security definer set search_path = '' as $$
declare
  w public.webhooks;
begin
  update public.webhooks hook set
    failures = hook.failures + 1,
    failing_since = coalesce(hook.failing_since, now()),
    paused_until = now() + least(interval '10 seconds' * 2 ^ least(hook.failures, 9), interval '1 hour'),
    last_error = p_error, last_status = p_status, last_error_at = now(),
    disabled_reason = case
      when p_status = 410 then 'gone'
      when hook.failing_since < now() - interval '3 days' then 'failing'
      else hook.disabled_reason
    end
  where hook.id = p_webhook
  returning * into w;
  if w.disabled_reason is not null then
    perform quire.drop_deliveries(p_webhook);
  else
    -- Also what is under way: it goes back to the queue as it is, whether it fails or was one too many for the target.
    execute $sql$
      update pgboss.job_common j set priority = -1, start_after = greatest(j.start_after, $2)
      where j.name = 'webhook' and j.state <= 'active' and j.data ->> 'webhookId' = $1
    $sql$ using p_webhook::text, w.paused_until;
  end if;
  return w.disabled_reason;
end
$$;

-- What signed-in users may do with webhooks: their own, whoever they are by auth.uid().
create function public.add_webhook(id uuid, url text, secret text, events text[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if auth.uid() is null then
    raise insufficient_privilege using message = 'A webhook belongs to whoever adds it.';
  end if;
  perform quire.add_webhook(auth.uid(), add_webhook.id, add_webhook.url, add_webhook.secret, add_webhook.events);
end
$$;

create function public.remove_webhook(webhook_id uuid) returns boolean
language sql security definer set search_path = '' as $$
  select quire.remove_webhook(auth.uid(), webhook_id)
$$;

create function public.test_webhook(webhook_id uuid) returns uuid
language sql security definer set search_path = '' as $$
  select quire.test_webhook(auth.uid(), webhook_id)
$$;

revoke all on function
  public.add_webhook(uuid, text, text, text[]), public.remove_webhook(uuid), public.test_webhook(uuid)
  from public, anon, service_role;
grant execute on function
  public.add_webhook(uuid, text, text, text[]), public.remove_webhook(uuid), public.test_webhook(uuid)
  to authenticated;
revoke all on function
  quire.add_webhook(uuid, uuid, text, text, text[]), quire.drop_deliveries(uuid), quire.remove_webhook(uuid, uuid),
  quire.put_delivery(public.webhooks, jsonb), quire.tell_webhooks(), quire.test_webhook(uuid, uuid),
  quire.audit_webhook(),
  quire.begin_delivery(uuid, uuid, boolean), quire.delivery_succeeded(uuid), quire.delivery_failed(uuid, text, int)
  from public;
grant execute on function
  quire.add_webhook(uuid, uuid, text, text, text[]), quire.drop_deliveries(uuid), quire.remove_webhook(uuid, uuid),
  quire.put_delivery(public.webhooks, jsonb), quire.tell_webhooks(), quire.test_webhook(uuid, uuid),
  quire.audit_webhook(),
  quire.begin_delivery(uuid, uuid, boolean), quire.delivery_succeeded(uuid), quire.delivery_failed(uuid, text, int)
  to service_role;
