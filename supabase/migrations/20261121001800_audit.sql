-- Who did what with which document, and when: without content, name or address. It is added to and never changed.

create table public.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  -- Whose document it is; null: of all owners.
  owner_id uuid,
  document_id uuid,
  -- A user's id, 'operator' (somebody with the command line), 'worker', or 'database' (somebody with its password).
  actor text not null check (length(actor) between 1 and 64),
  action text not null check (action ~ '^[a-z_]{1,40}$'),
  via text not null check (via in ('api', 'cli', 'worker', 'database')),
  request_id uuid,
  -- Of an access, which stands for all of its kind by this actor within the hour: the hour. Null: of a change.
  hour timestamptz,
  -- Counts and nothing else.
  figures jsonb not null default '{}'
);
create index audit_log_by_owner on public.audit_log (owner_id, id);
create index audit_log_by_document on public.audit_log (document_id, id);
create index audit_log_at on public.audit_log (at);
create unique index audit_log_once_an_hour on public.audit_log (
  actor, action, coalesce(document_id, owner_id, '00000000-0000-0000-0000-000000000000'), hour
) where hour is not null;

-- Supabase opens new tables to its roles, the service included.
alter table public.audit_log enable row level security;
revoke all on public.audit_log from public, anon, authenticated, service_role;
revoke all on sequence public.audit_log_id_seq from public, anon, authenticated, service_role;
grant select on public.audit_log to authenticated, service_role;
create policy "owners see what was done with what is theirs" on public.audit_log
  for select to authenticated using (owner_id = (select auth.uid()));

-- Also for those whom privileges do not keep from it: the table's owner, by mistake. What quire.prune_audit is at may go.
create function quire.keep_audit() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'DELETE' and tg_level = 'ROW'
    and old.at < nullif(current_setting('quire.prune_audit_before', true), '')::timestamptz
  then
    return old;
  end if;
  raise exception using errcode = 'insufficient_privilege', message = 'audit_log is only ever added to';
end
$$;
create trigger audit_log_keep before update or delete on public.audit_log
  for each row execute function quire.keep_audit();
create trigger audit_log_keep_all before truncate on public.audit_log
  for each statement execute function quire.keep_audit();

-- Removes entries older than so many days, at most p_limit. Returns how many.
create function quire.prune_audit(p_days real, p_limit int) returns int
language plpgsql security definer set search_path = '' as $$
declare
  before timestamptz := now() - make_interval(secs => p_days * 86400);
  pruned int;
begin
  if p_days < 1 then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      detail = 'What was done is kept for a day at least.';
  end if;
  perform set_config('quire.prune_audit_before', before::text, true);
  delete from public.audit_log a
  where a.id in (select o.id from public.audit_log o where o.at < before order by o.at limit p_limit);
  get diagnostics pruned = row_count;
  perform set_config('quire.prune_audit_before', '', true);
  return pruned;
end
$$;

-- By which way somebody came: what a process of ours says of its connections; else straight at the database.
create function quire.audit_via() returns text
language sql stable set search_path = '' as $$
  select case when said in ('api', 'cli', 'worker') then said else 'database' end
  from (select current_setting('quire.via', true)) as setting (said)
$$;

-- Adds to the log, in the transaction of what was done. Who: the user who signed in; else who the transaction says it is
-- for (an operator over the API); else, over the API, the owner themselves, for nobody signs in there; else whoever has
-- that way.
create function quire.audit(p_owner uuid, p_document uuid, p_action text, p_figures jsonb default '{}') returns void
language sql security definer set search_path = '' as $$
  insert into public.audit_log (owner_id, document_id, actor, action, via, request_id, figures)
  select
    p_owner, p_document,
    coalesce(
      auth.uid()::text,
      nullif(current_setting('quire.actor', true), ''),
      case via when 'api' then p_owner::text when 'cli' then 'operator' else via end
    ),
    p_action, via, nullif(current_setting('quire.request', true), '')::uuid, p_figures
  from quire.audit_via() via
$$;

-- Adds an access, once an hour for each actor, action and document (or owner, where it is of none in particular). Of a
-- document that is none of the owner's nothing is added: there was nothing to be seen. p_owner null: of all owners.
create function quire.audit_access(p_owner uuid, p_document uuid, p_actor text, p_action text, p_request uuid) returns void
language sql security definer set search_path = '' as $$
  insert into public.audit_log (owner_id, document_id, actor, action, via, request_id, hour)
  select of.owner_id, p_document, p_actor, p_action, quire.audit_via(), p_request, of.hour
  from (
    select d.owner_id, date_trunc('hour', now(), 'UTC') as hour from public.documents d
    where d.id = p_document and (p_owner is null or d.owner_id = p_owner)
    union all
    select p_owner, date_trunc('hour', now(), 'UTC') where p_document is null
  ) of
  where not exists (
    select from public.audit_log a
    where a.hour = of.hour and a.actor = p_actor and a.action = p_action
      and coalesce(a.document_id, a.owner_id, '00000000-0000-0000-0000-000000000000')
        = coalesce(p_document, of.owner_id, '00000000-0000-0000-0000-000000000000')
  )
  on conflict do nothing
$$;

-- Every change of a document that somebody asked for, whoever did and by whatever way. What a worker does on its own
-- (claims, tries again, finishes) is its story, not this.
create function quire.audit_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    perform quire.audit(new.owner_id, new.id, 'uploaded');
  elsif tg_op = 'DELETE' then
    perform quire.audit(old.owner_id, old.id, case current_setting('quire.why', true)
      when 'retention' then 'retention' when 'erasure' then 'erased' else 'deleted' end);
  elsif old.original_erased_at is distinct from new.original_erased_at then
    perform quire.audit(new.owner_id, new.id, 'original_retention');
  elsif new.status = 'cancelled' then
    perform quire.audit(new.owner_id, new.id, 'cancelled');
  else
    -- A document that is begun anew has not been started.
    perform quire.audit(new.owner_id, new.id, case when old.started_at is null then 'reprocessed' else 'retried' end);
  end if;
  return null;
end
$$;
create trigger documents_audit after insert or delete on public.documents
  for each row execute function quire.audit_change();
create trigger documents_audit_requests after update on public.documents
  for each row when (
    old.original_erased_at is distinct from new.original_erased_at
    or (new.status = 'cancelled' and old.status in ('uploaded', 'queued', 'processing'))
    or (new.status = 'queued' and old.status in ('completed', 'partial', 'failed', 'cancelled'))
  ) execute function quire.audit_change();

revoke all on function
  quire.keep_audit(), quire.prune_audit(real, int), quire.audit_via(), quire.audit(uuid, uuid, text, jsonb),
  quire.audit_access(uuid, uuid, text, text, uuid), quire.audit_change()
  from public;
grant execute on function
  quire.keep_audit(), quire.prune_audit(real, int), quire.audit_via(), quire.audit(uuid, uuid, text, jsonb),
  quire.audit_access(uuid, uuid, text, text, uuid), quire.audit_change()
  to service_role;

-- When an owner was last erased wholly; null: never. What they began to upload before that is not to become a document.
create function quire.owner_erased_at(p_owner uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
  select max(a.at) from public.audit_log a where a.owner_id = p_owner and a.action = 'owner_erased'
$$;
revoke all on function quire.owner_erased_at(uuid) from public;
grant execute on function quire.owner_erased_at(uuid) to service_role;
