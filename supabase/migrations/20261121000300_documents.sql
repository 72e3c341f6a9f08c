-- A document that somebody gave us to read, and where its reading stands.

create schema quire;
comment on schema quire is 'Transitions of state, one function each. Tables in public are read; they are changed from here.';

-- The lane: by size at first, again once the page count is known (a 200-page fax is small in bytes only). A scanned
-- page weighs about 0.25 MB, so 20 and 80 pages are what 5 and 20 MB of scans come to.
create function quire.lane(size_bytes bigint, page_count int) returns text
language sql immutable set search_path = '' as $$
  select case
    when size_bytes >= 20000000 or page_count > 80 then 'large'
    when size_bytes >= 5000000 or page_count > 20 then 'medium'
    else 'small'
  end
$$;

create table public.documents (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid(),
  filename text not null check (length(filename) between 1 and 255),
  storage_key text not null check (length(storage_key) between 1 and 512),
  -- Sniffed by the worker; never what the uploader said.
  content_type text,
  size_bytes bigint not null check (size_bytes >= 0),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  size_category text not null generated always as (quire.lane(size_bytes, 0)) stored,
  lane text not null default 'small' check (lane in ('small', 'medium', 'large')),
  options jsonb not null default '{}',
  options_hash text not null generated always as (md5(options::text)) stored,
  status text not null default 'uploaded'
    check (status in ('uploaded', 'queued', 'processing', 'completed', 'partial', 'failed', 'cancelled')),
  -- Of the current run.
  page_count int check (page_count > 0),
  pages_done int not null default 0,
  pages_failed int not null default 0,
  -- The run being read, or read last, and the one that readers see.
  current_run int not null default 1,
  visible_run int not null default 1,
  -- The number of the newest hold on this document: the fencing token of every write.
  claim int not null default 0,
  worker_id text,
  -- What went wrong with this document, and how many holds in a row ended without a new page. Three of either is enough.
  failures int not null default 0,
  stalls int not null default 0,
  error_code text,
  error_message text,
  -- A higher number is read first, whoever's it is; only the service sets it.
  priority smallint not null default 0 check (priority between -20 and 20),
  queue_rank int,
  job_id uuid,
  created_at timestamptz not null default now(),
  queued_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz
);

create index documents_size_category on public.documents (size_category, status);
create index documents_by_owner on public.documents (owner_id, created_at desc);
-- Who has what waiting: read by quire.enqueue at every document.
create index documents_waiting on public.documents (owner_id, lane, priority, queue_rank) where status = 'queued';
-- The same content with the same options again.
create index documents_same_content on public.documents (owner_id, sha256, options_hash) where sha256 is not null;
-- Whether a stored file is anybody's.
create index documents_storage_key on public.documents (storage_key);
-- The dead letters.
create index documents_failed on public.documents (finished_at) where status = 'failed';
