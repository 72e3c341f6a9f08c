-- For those who look at lists: what a page of one costs must not grow with what there is.

-- An owner's documents, the newest first, all of them or those of one status.
create index documents_newest on public.documents (owner_id, created_at desc, id desc);
create index documents_newest_of_status on public.documents (owner_id, status, created_at desc, id desc);
-- The first of them does what this one did.
drop index public.documents_by_owner;

-- What was read lately, by all workers: how long what waits may take.
create index pages_saved on public.pages (created_at);

-- When a worker began and left.
create index worker_events_of_life on public.worker_events (worker_id, at) where event in ('started', 'stopped');
