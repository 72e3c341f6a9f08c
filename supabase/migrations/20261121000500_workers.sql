-- What happened to documents and to workers, for whoever has to find out why.

-- The story of a document: each time something went wrong with it. quire.record_failure keeps the last twenty.
create table public.document_failures (
  id bigint generated always as identity primary key,
  document_id uuid not null references public.documents on delete cascade,
  at timestamptz not null default now(),
  claim int not null,
  worker_id text,
  code text not null,
  message text not null
);
create index document_failures_of on public.document_failures (document_id, id);

create table public.worker_events (
  id bigint generated always as identity primary key,
  worker_id text not null,
  at timestamptz not null default now(),
  event text not null,
  reason text,
  figures jsonb not null default '{}'
);
create index worker_events_at on public.worker_events (at);

create table public.worker_memory_samples (
  worker_id text not null,
  at timestamptz not null default now(),
  used_bytes bigint not null,
  budget_bytes bigint not null,
  figures jsonb not null default '{}',
  primary key (worker_id, at)
);
create index worker_memory_samples_at on public.worker_memory_samples (at);
