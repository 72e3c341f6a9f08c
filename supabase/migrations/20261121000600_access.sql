-- Who may see and do what. Row-level security keeps owners apart; column grants keep an owner from writing what only
-- the service knows (a status, a claim, a priority). Supabase opens new tables to its roles, so close first.

alter table public.documents enable row level security;
alter table public.pages enable row level security;
alter table public.page_contents enable row level security;
alter table public.pages_in_flight enable row level security;
alter table public.document_failures enable row level security;
alter table public.worker_events enable row level security;
alter table public.worker_memory_samples enable row level security;

revoke all on public.documents, public.pages, public.page_contents, public.pages_in_flight,
  public.document_failures, public.worker_events, public.worker_memory_samples from public, anon, authenticated;
revoke all on sequence public.document_failures_id_seq, public.worker_events_id_seq from public, anon, authenticated;
grant all on public.documents, public.pages, public.page_contents, public.pages_in_flight,
  public.document_failures, public.worker_events, public.worker_memory_samples to service_role;

-- Everything but who reads it and where in the queue it stands.
grant select (
  id, owner_id, filename, storage_key, content_type, size_bytes, sha256, size_category, lane, options, options_hash,
  status, page_count, pages_done, pages_failed, current_run, visible_run, failures, stalls, error_code, error_message,
  created_at, queued_at, started_at, finished_at
) on public.documents to authenticated;
grant insert (id, owner_id, filename, storage_key, size_bytes, sha256, options) on public.documents to authenticated;
grant select on public.pages, public.page_contents to authenticated;

create policy "owners see their documents" on public.documents
  for select to authenticated using (owner_id = (select auth.uid()));

-- A file belongs to whoever its key starts with: no document can be made of another owner's file.
create policy "owners add their documents" on public.documents
  for insert to authenticated with check (
    owner_id = (select auth.uid()) and starts_with(storage_key, owner_id::text || '/')
  );

-- Readers see the visible run, and so never half of a reprocessing.
create policy "owners see the visible run" on public.pages
  for select to authenticated using (
    owner_id = (select auth.uid())
    and run = (select d.visible_run from public.documents d where d.id = pages.document_id)
  );
create policy "owners see the visible run" on public.page_contents
  for select to authenticated using (
    owner_id = (select auth.uid())
    and run = (select d.visible_run from public.documents d where d.id = page_contents.document_id)
  );
