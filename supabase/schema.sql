-- What supabase/migrations/ come to: to be read and compared, not applied. Made by: npm run schema

create table public.audit_log (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  owner_id uuid,
  document_id uuid,
  actor text not null,
  action text not null,
  via text not null,
  request_id uuid,
  hour timestamp with time zone,
  figures jsonb not null default '{}'::jsonb
);
alter table public.audit_log enable row level security;

create table public.document_failures (
  id bigint not null generated always as identity,
  document_id uuid not null,
  at timestamp with time zone not null default now(),
  claim integer not null,
  worker_id text,
  code text not null,
  message text not null
);
alter table public.document_failures enable row level security;

create table public.documents (
  id uuid not null default gen_random_uuid(),
  owner_id uuid not null default auth.uid(),
  filename text not null,
  storage_key text not null,
  content_type text,
  size_bytes bigint not null,
  sha256 text,
  size_category text not null generated always as (quire.lane(size_bytes, 0)) stored,
  lane text not null default 'small'::text,
  options jsonb not null default '{}'::jsonb,
  status text not null default 'uploaded'::text,
  page_count integer,
  pages_done integer not null default 0,
  pages_failed integer not null default 0,
  current_run integer not null default 1,
  visible_run integer not null default 1,
  claim integer not null default 0,
  worker_id text,
  failures integer not null default 0,
  stalls integer not null default 0,
  error_code text,
  error_message text,
  priority smallint not null default 0,
  queue_rank integer,
  job_id uuid,
  created_at timestamp with time zone not null default now(),
  queued_at timestamp with time zone,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  revision integer not null default 1,
  original_erased_at timestamp with time zone,
  options_hash text not null generated always as (quire.options_hash(options)) stored
);
alter table public.documents enable row level security;

create table public.erased_documents (
  document_id uuid not null,
  owner_id uuid,
  erased_at timestamp with time zone not null default now(),
  status text not null,
  page_count integer,
  size_bytes bigint not null
);
alter table public.erased_documents enable row level security;

create table public.outputs (
  document_id uuid not null,
  run integer not null,
  claim integer not null,
  format text not null,
  owner_id uuid not null,
  size_bytes bigint not null,
  sha256 text not null,
  storage_key text not null generated always as (quire.output_key(owner_id, document_id, run, claim, format)) stored,
  created_at timestamp with time zone not null default now()
);
alter table public.outputs enable row level security;

create table public.page_contents (
  document_id uuid not null,
  run integer not null,
  page_number integer not null,
  owner_id uuid not null,
  text text not null,
  words jsonb not null
);
alter table public.page_contents enable row level security;

create table public.pages (
  document_id uuid not null,
  run integer not null,
  page_number integer not null,
  owner_id uuid not null,
  claim integer not null,
  outcome text not null,
  source text generated always as (
CASE outcome
    WHEN 'recognized'::text THEN 'ocr'::text
    WHEN 'text_layer'::text THEN 'text_layer'::text
    ELSE NULL::text
END) stored,
  mean_confidence real,
  width integer not null,
  height integer not null,
  dpi real not null,
  rotation smallint not null,
  duration_ms integer not null,
  warnings text[] not null default '{}'::text[],
  error_code text,
  error_message text,
  created_at timestamp with time zone not null default now(),
  revision integer not null default 0,
  preview_bytes integer,
  orientation smallint not null default 0,
  skew real not null default 0,
  languages text[] not null default '{}'::text[],
  reader jsonb,
  uncertain_numbers integer,
  missing_language text
);
alter table public.pages enable row level security;

create table public.pages_in_flight (
  document_id uuid not null,
  page_number integer not null,
  claim integer not null,
  alone boolean not null,
  deaths integer not null default 0,
  kills integer not null default 0,
  started_at timestamp with time zone not null default now()
);
alter table public.pages_in_flight enable row level security;

create table public.webhooks (
  id uuid not null,
  owner_id uuid not null,
  url text not null,
  secret text not null,
  events text[] not null,
  disabled_reason text,
  created_at timestamp with time zone not null default now(),
  failures integer not null default 0,
  failing_since timestamp with time zone,
  paused_until timestamp with time zone,
  last_error text,
  last_status integer,
  last_error_at timestamp with time zone
);
alter table public.webhooks enable row level security;

create table public.worker_events (
  id bigint not null generated always as identity,
  worker_id text not null,
  at timestamp with time zone not null default now(),
  event text not null,
  reason text,
  figures jsonb not null default '{}'::jsonb
);
alter table public.worker_events enable row level security;

create table public.worker_memory_samples (
  worker_id text not null,
  at timestamp with time zone not null default now(),
  used_bytes bigint not null,
  budget_bytes bigint not null,
  figures jsonb not null default '{}'::jsonb
);
alter table public.worker_memory_samples enable row level security;

create table quire.document_buckets (
  bucket_id text not null
);

create table quire.files_to_delete (
  key text not null,
  added_at timestamp with time zone not null default now(),
  due_at timestamp with time zone not null default now(),
  attempts integer not null default 0
);

create table quire.installation (
  only_row boolean not null default true,
  id uuid not null default gen_random_uuid()
);

create table quire.limits (
  only_row boolean not null default true,
  max_queued_per_owner integer not null default 1000,
  max_queued integer not null default 100000
);


alter table public.audit_log add constraint audit_log_action_check CHECK ((action ~ '^[a-z_]{1,40}$'::text));
alter table public.audit_log add constraint audit_log_actor_check CHECK (((length(actor) >= 1) AND (length(actor) <= 64)));
alter table public.audit_log add constraint audit_log_pkey PRIMARY KEY (id);
alter table public.audit_log add constraint audit_log_via_check CHECK ((via = ANY (ARRAY['api'::text, 'cli'::text, 'worker'::text, 'database'::text])));
alter table public.document_failures add constraint document_failures_pkey PRIMARY KEY (id);
alter table public.document_failures add constraint document_failures_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE;
alter table public.documents add constraint documents_filename_check CHECK (((length(filename) >= 1) AND (length(filename) <= 255)));
alter table public.documents add constraint documents_lane_check CHECK ((lane = ANY (ARRAY['small'::text, 'medium'::text, 'large'::text])));
alter table public.documents add constraint documents_page_count_check CHECK ((page_count > 0));
alter table public.documents add constraint documents_pkey PRIMARY KEY (id);
alter table public.documents add constraint documents_priority_check CHECK (((priority >= '-20'::integer) AND (priority <= 20)));
alter table public.documents add constraint documents_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text));
alter table public.documents add constraint documents_size_bytes_check CHECK ((size_bytes >= 0));
alter table public.documents add constraint documents_status_check CHECK ((status = ANY (ARRAY['uploaded'::text, 'queued'::text, 'processing'::text, 'completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])));
alter table public.documents add constraint documents_storage_key_check CHECK (((length(storage_key) >= 1) AND (length(storage_key) <= 512)));
alter table public.erased_documents add constraint erased_documents_pkey PRIMARY KEY (document_id);
alter table public.outputs add constraint outputs_format_check CHECK ((format ~ '^[a-z]{1,16}$'::text));
alter table public.outputs add constraint outputs_pkey PRIMARY KEY (document_id, run, claim, format);
alter table public.outputs add constraint outputs_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text));
alter table public.outputs add constraint outputs_size_bytes_check CHECK ((size_bytes >= 0));
alter table public.outputs add constraint outputs_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE;
alter table public.page_contents add constraint page_contents_pkey PRIMARY KEY (document_id, run, page_number);
alter table public.page_contents add constraint page_contents_document_id_run_page_number_fkey FOREIGN KEY (document_id, run, page_number) REFERENCES public.pages(document_id, run, page_number) ON DELETE CASCADE;
alter table public.pages add constraint pages_missing_language_check CHECK ((length(missing_language) <= 50));
alter table public.pages add constraint pages_orientation_check CHECK ((orientation = ANY (ARRAY[0, 90, 180, 270])));
alter table public.pages add constraint pages_outcome_check CHECK ((outcome = ANY (ARRAY['recognized'::text, 'text_layer'::text, 'blank'::text, 'failed'::text])));
alter table public.pages add constraint pages_page_number_check CHECK ((page_number > 0));
alter table public.pages add constraint pages_pkey PRIMARY KEY (document_id, run, page_number);
alter table public.pages add constraint pages_preview_bytes_check CHECK ((preview_bytes > 0));
alter table public.pages add constraint pages_reader_check CHECK (((reader IS NULL) OR (COALESCE((reader ->> 'version'::text), ''::text) ~ '^[1-9][0-9]{0,5}$'::text)));
alter table public.pages add constraint pages_skew_check CHECK (((skew >= ('-15'::integer)::double precision) AND (skew <= (15)::double precision)));
alter table public.pages add constraint pages_uncertain_numbers_check CHECK ((uncertain_numbers >= 0));
alter table public.pages add constraint pages_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE;
alter table public.pages_in_flight add constraint pages_in_flight_page_number_check CHECK ((page_number >= 0));
alter table public.pages_in_flight add constraint pages_in_flight_pkey PRIMARY KEY (document_id, page_number);
alter table public.pages_in_flight add constraint pages_in_flight_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE;
alter table public.webhooks add constraint webhooks_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['gone'::text, 'failing'::text])));
alter table public.webhooks add constraint webhooks_events_check CHECK ((((cardinality(events) >= 1) AND (cardinality(events) <= 3)) AND (events <@ ARRAY['document.completed'::text, 'document.partial'::text, 'document.failed'::text])));
alter table public.webhooks add constraint webhooks_last_error_check CHECK ((last_error ~ '^[a-z_]{1,40}$'::text));
alter table public.webhooks add constraint webhooks_last_status_check CHECK (((last_status >= 100) AND (last_status <= 999)));
alter table public.webhooks add constraint webhooks_pkey PRIMARY KEY (id);
alter table public.webhooks add constraint webhooks_secret_check CHECK ((secret ~ '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$'::text));
alter table public.webhooks add constraint webhooks_url_check CHECK (((length(url) <= 2048) AND (url ~ '^https?://'::text)));
alter table public.worker_events add constraint worker_events_pkey PRIMARY KEY (id);
alter table public.worker_memory_samples add constraint worker_memory_samples_pkey PRIMARY KEY (worker_id, at);
alter table quire.document_buckets add constraint document_buckets_pkey PRIMARY KEY (bucket_id);
alter table quire.files_to_delete add constraint files_to_delete_pkey PRIMARY KEY (key);
alter table quire.installation add constraint installation_only_row_check CHECK (only_row);
alter table quire.installation add constraint installation_pkey PRIMARY KEY (only_row);
alter table quire.limits add constraint limits_max_queued_check CHECK ((max_queued > 0));
alter table quire.limits add constraint limits_max_queued_per_owner_check CHECK ((max_queued_per_owner > 0));
alter table quire.limits add constraint limits_only_row_check CHECK (only_row);
alter table quire.limits add constraint limits_pkey PRIMARY KEY (only_row);

CREATE INDEX audit_log_at ON public.audit_log USING btree (at);
CREATE INDEX audit_log_by_document ON public.audit_log USING btree (document_id, id);
CREATE INDEX audit_log_by_owner ON public.audit_log USING btree (owner_id, id);
CREATE UNIQUE INDEX audit_log_once_an_hour ON public.audit_log USING btree (actor, action, COALESCE(document_id, owner_id, '00000000-0000-0000-0000-000000000000'::uuid), hour) WHERE (hour IS NOT NULL);
CREATE INDEX document_failures_of ON public.document_failures USING btree (document_id, id);
CREATE INDEX documents_failed ON public.documents USING btree (finished_at) WHERE (status = 'failed'::text);
CREATE INDEX documents_held ON public.documents USING btree (worker_id) WHERE (status = 'processing'::text);
CREATE INDEX documents_kept_since ON public.documents USING btree (COALESCE(finished_at, queued_at, created_at));
CREATE INDEX documents_newest ON public.documents USING btree (owner_id, created_at DESC, id DESC);
CREATE INDEX documents_newest_of_status ON public.documents USING btree (owner_id, status, created_at DESC, id DESC);
CREATE INDEX documents_same_content ON public.documents USING btree (owner_id, sha256, options_hash) WHERE (sha256 IS NOT NULL);
CREATE INDEX documents_size_category ON public.documents USING btree (size_category, status);
CREATE INDEX documents_storage_key ON public.documents USING btree (storage_key);
CREATE INDEX documents_waiting ON public.documents USING btree (owner_id, lane, priority, queue_rank) WHERE (status = 'queued'::text);
CREATE INDEX documents_with_original ON public.documents USING btree (finished_at) WHERE ((original_erased_at IS NULL) AND (finished_at IS NOT NULL));
CREATE INDEX erased_documents_by_owner ON public.erased_documents USING btree (owner_id, erased_at DESC);
CREATE INDEX files_to_delete_due ON quire.files_to_delete USING btree (due_at);
CREATE UNIQUE INDEX outputs_storage_key ON public.outputs USING btree (storage_key);
CREATE INDEX page_contents_searchable ON public.page_contents USING gin (quire.searchable(owner_id, text)) WITH (fastupdate=off);
CREATE INDEX pages_reader_version ON public.pages USING btree (quire.reader_version(reader), document_id, run) WHERE (outcome = 'recognized'::text);
CREATE INDEX pages_saved ON public.pages USING btree (created_at);
CREATE INDEX pages_to_check ON public.pages USING btree (document_id, run, page_number) INCLUDE (uncertain_numbers) WHERE ((uncertain_numbers > 0) OR ((uncertain_numbers IS NULL) AND (outcome = 'recognized'::text)));
CREATE INDEX webhooks_by_owner ON public.webhooks USING btree (owner_id, created_at);
CREATE INDEX worker_events_at ON public.worker_events USING btree (at);
CREATE INDEX worker_events_of_life ON public.worker_events USING btree (worker_id, at) WHERE (event = ANY (ARRAY['started'::text, 'stopped'::text]));
CREATE INDEX worker_memory_samples_at ON public.worker_memory_samples USING btree (at);

CREATE TRIGGER audit_log_keep BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION quire.keep_audit();
CREATE TRIGGER audit_log_keep_all BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION quire.keep_audit();
CREATE TRIGGER documents_audit AFTER INSERT OR DELETE ON public.documents FOR EACH ROW EXECUTE FUNCTION quire.audit_change();
CREATE TRIGGER documents_audit_requests AFTER UPDATE ON public.documents FOR EACH ROW WHEN (((old.original_erased_at IS DISTINCT FROM new.original_erased_at) OR ((new.status = 'cancelled'::text) AND (old.status = ANY (ARRAY['uploaded'::text, 'queued'::text, 'processing'::text]))) OR ((new.status = 'queued'::text) AND (old.status = ANY (ARRAY['completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text]))))) EXECUTE FUNCTION quire.audit_change();
CREATE TRIGGER documents_complete BEFORE INSERT ON public.documents FOR EACH ROW EXECUTE FUNCTION quire.complete_inserted();
CREATE TRIGGER documents_enqueue AFTER INSERT ON public.documents FOR EACH ROW WHEN ((new.status = 'uploaded'::text)) EXECUTE FUNCTION quire.enqueue_inserted();
CREATE TRIGGER documents_forget AFTER DELETE ON public.documents FOR EACH ROW EXECUTE FUNCTION quire.forget_document();
CREATE TRIGGER documents_forget_outputs AFTER UPDATE ON public.documents FOR EACH ROW WHEN (((old.visible_run <> new.visible_run) OR ((old.original_erased_at IS NULL) AND (new.original_erased_at IS NOT NULL)) OR ((new.status = ANY (ARRAY['uploaded'::text, 'queued'::text, 'processing'::text])) AND (old.status = ANY (ARRAY['completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text]))))) EXECUTE FUNCTION quire.forget_outputs();
CREATE TRIGGER documents_number_change BEFORE UPDATE ON public.documents FOR EACH ROW EXECUTE FUNCTION quire.number_change();
CREATE TRIGGER documents_refuse_erased AFTER INSERT ON public.documents FOR EACH ROW EXECUTE FUNCTION quire.refuse_erased();
CREATE TRIGGER documents_refuse_without_original BEFORE UPDATE OF status ON public.documents FOR EACH ROW WHEN (((new.original_erased_at IS NOT NULL) AND (new.status = ANY (ARRAY['queued'::text, 'processing'::text])) AND (old.status <> ALL (ARRAY['queued'::text, 'processing'::text])))) EXECUTE FUNCTION quire.refuse_without_original();
CREATE TRIGGER documents_tell_change AFTER INSERT OR DELETE OR UPDATE ON public.documents FOR EACH ROW EXECUTE FUNCTION quire.tell_change();
CREATE TRIGGER documents_tell_webhooks AFTER UPDATE OF status ON public.documents FOR EACH ROW WHEN (((old.status = 'processing'::text) AND (new.status = ANY (ARRAY['completed'::text, 'partial'::text, 'failed'::text])))) EXECUTE FUNCTION quire.tell_webhooks();
CREATE TRIGGER outputs_forget_files AFTER DELETE ON public.outputs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION quire.forget_output_files();
CREATE TRIGGER pages_forget_previews AFTER DELETE ON public.pages REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION quire.forget_previews();
CREATE TRIGGER webhooks_audit AFTER INSERT OR DELETE ON public.webhooks FOR EACH ROW EXECUTE FUNCTION quire.audit_webhook();

create policy "owners see what was done with what is theirs" on public.audit_log for select to authenticated using ((owner_id = ( SELECT auth.uid() AS uid)));
create policy "owners add their documents" on public.documents for insert to authenticated with check (((owner_id = ( SELECT auth.uid() AS uid)) AND quire.is_key_of(owner_id, storage_key)));
create policy "owners see their documents" on public.documents for select to authenticated using ((owner_id = ( SELECT auth.uid() AS uid)));
create policy "owners see what they erased" on public.erased_documents for select to authenticated using ((owner_id = ( SELECT auth.uid() AS uid)));
create policy "owners delete their files" on storage.objects for delete to authenticated using (((bucket_id = ANY (( SELECT quire.document_bucket_ids() AS document_bucket_ids)::text[])) AND ((storage.foldername(name))[1] = (( SELECT auth.uid() AS uid))::text)));
create policy "owners read their files" on storage.objects for select to authenticated using (((bucket_id = ANY (( SELECT quire.document_bucket_ids() AS document_bucket_ids)::text[])) AND ((storage.foldername(name))[1] = (( SELECT auth.uid() AS uid))::text)));
create policy "owners upload their files" on storage.objects for insert to authenticated with check (((bucket_id = ANY (( SELECT quire.document_bucket_ids() AS document_bucket_ids)::text[])) AND ((storage.foldername(name))[1] = (( SELECT auth.uid() AS uid))::text)));
create policy "owners see their outputs" on public.outputs for select to authenticated using ((owner_id = ( SELECT auth.uid() AS uid)));
create policy "owners see the visible run" on public.page_contents for select to authenticated using (((owner_id = ( SELECT auth.uid() AS uid)) AND (run = ( SELECT d.visible_run
   FROM public.documents d
  WHERE (d.id = page_contents.document_id)))));
create policy "owners see the visible run" on public.pages for select to authenticated using (((owner_id = ( SELECT auth.uid() AS uid)) AND (run = ( SELECT d.visible_run
   FROM public.documents d
  WHERE (d.id = pages.document_id)))));
create policy "owners see their webhooks" on public.webhooks for select to authenticated using ((owner_id = ( SELECT auth.uid() AS uid)));

grant execute on function public.add_document(uuid,text,text,bigint,text,jsonb,boolean) to authenticated;
grant execute on function public.add_webhook(uuid,text,text,text[]) to authenticated;
grant execute on function public.assert_queue_room() to authenticated;
grant execute on function public.cancel_document(uuid) to authenticated;
grant execute on function public.erase_document(uuid) to authenticated;
grant execute on function public.queue_standing(uuid[]) to authenticated;
grant execute on function public.remove_webhook(uuid) to authenticated;
grant execute on function public.reprocess_document(uuid) to authenticated;
grant execute on function public.retry_document(uuid) to authenticated;
grant execute on function public.search_pages(text,uuid,integer) to authenticated;
grant execute on function public.test_webhook(uuid) to authenticated;
grant execute on function quire.acquit_claim(uuid,integer) to service_role;
grant execute on function quire.add_document(uuid,uuid,text,text,bigint,text,jsonb,integer,boolean) to service_role;
grant execute on function quire.add_webhook(uuid,uuid,text,text,text[]) to service_role;
grant execute on function quire.assert_own(uuid) to service_role;
grant execute on function quire.assert_room(uuid) to service_role;
grant execute on function quire.audit(uuid,uuid,text,jsonb) to service_role;
grant execute on function quire.audit_access(uuid,uuid,text,text,uuid) to service_role;
grant execute on function quire.audit_change() to service_role;
grant execute on function quire.audit_via() to service_role;
grant execute on function quire.audit_webhook() to service_role;
grant execute on function quire.begin_delivery(uuid,uuid,boolean) to service_role;
grant execute on function quire.begin_new_run(uuid) to service_role;
grant execute on function quire.begin_output(uuid,integer,integer,text,real) to service_role;
grant execute on function quire.begin_page(uuid,integer,integer,boolean) to service_role;
grant execute on function quire.cancel_document(uuid) to service_role;
grant execute on function quire.claim_document(uuid,uuid,text) to service_role;
grant execute on function quire.complete_inserted() to service_role;
grant execute on function quire.complete_options(jsonb) to service_role;
grant execute on function quire.count_read_before(integer,uuid,integer) to service_role;
grant execute on function quire.count_traces(regclass,uuid[]) to service_role;
grant execute on function quire.current_reader_version() to service_role;
grant execute on function quire.delivery_failed(uuid,text,integer) to service_role;
grant execute on function quire.delivery_succeeded(uuid) to service_role;
grant execute on function quire.describe_document(uuid,integer,integer,text,text) to service_role;
grant execute on function quire.document_bucket_ids() to authenticated;
grant execute on function quire.document_bucket_ids() to service_role;
grant execute on function quire.documents_held_by(text) to service_role;
grant execute on function quire.documents_read_before(integer,uuid) to service_role;
grant execute on function quire.drop_deliveries(uuid) to service_role;
grant execute on function quire.enqueue(uuid) to service_role;
grant execute on function quire.enqueue_inserted() to service_role;
grant execute on function quire.erase_document(uuid,uuid) to service_role;
grant execute on function quire.erase_expired(real,integer) to service_role;
grant execute on function quire.erase_originals(real,integer) to service_role;
grant execute on function quire.erase_owned(uuid,integer) to service_role;
grant execute on function quire.fail_document(uuid,integer,text,text) to service_role;
grant execute on function quire.files_deleted(text[]) to service_role;
grant execute on function quire.find_own_pages(jsonb,uuid,bigint,uuid,integer,integer) to authenticated;
grant execute on function quire.find_pages(uuid,jsonb,uuid,bigint,uuid,integer,integer) to service_role;
grant execute on function quire.finish_document(uuid,integer,real) to service_role;
grant execute on function quire.forget_claim(uuid,uuid,text,integer) to service_role;
grant execute on function quire.forget_document() to service_role;
grant execute on function quire.forget_output_files() to service_role;
grant execute on function quire.forget_outputs() to service_role;
grant execute on function quire.forget_owner(uuid) to service_role;
grant execute on function quire.forget_previews() to service_role;
grant execute on function quire.give_up(uuid,integer,text,text) to service_role;
grant execute on function quire.index_query(uuid,jsonb) to service_role;
grant execute on function quire.is_key_of(uuid,text) to authenticated;
grant execute on function quire.is_key_of(uuid,text) to service_role;
grant execute on function quire.is_settled(public.documents) to service_role;
grant execute on function quire.job_priority(integer,integer) to service_role;
grant execute on function quire.keep_audit() to service_role;
grant execute on function quire.keep_output(uuid,integer,integer,text,integer,bigint,text) to service_role;
grant execute on function quire.lane(bigint,integer) to authenticated;
grant execute on function quire.lane(bigint,integer) to service_role;
grant execute on function quire.like_patterns(jsonb) to service_role;
grant execute on function quire.lock_claimed(uuid,integer) to service_role;
grant execute on function quire.lock_document(uuid) to service_role;
grant execute on function quire.lock_job(uuid) to service_role;
grant execute on function quire.move_document(uuid,integer,text) to service_role;
grant execute on function quire.next_rank(uuid,text,smallint) to service_role;
grant execute on function quire.number_change() to service_role;
grant execute on function quire.options_hash(jsonb) to authenticated;
grant execute on function quire.options_hash(jsonb) to service_role;
grant execute on function quire.orphan_document(uuid,integer,boolean) to service_role;
grant execute on function quire.output_key(uuid,uuid,integer,integer,text) to service_role;
grant execute on function quire.owner_erased_at(uuid) to service_role;
grant execute on function quire.preview_key(uuid,uuid,integer,integer,integer) to service_role;
grant execute on function quire.prune_audit(real,integer) to service_role;
grant execute on function quire.put_delivery(public.webhooks,jsonb) to service_role;
grant execute on function quire.put_job(uuid,uuid,text,integer,integer) to service_role;
grant execute on function quire.reader_version(jsonb) to service_role;
grant execute on function quire.record_failure(uuid,integer,text,text,text) to service_role;
grant execute on function quire.redrive_document(uuid) to service_role;
grant execute on function quire.refuse_erased() to service_role;
grant execute on function quire.refuse_without_original() to service_role;
grant execute on function quire.release_document(uuid,integer) to service_role;
grant execute on function quire.remove_webhook(uuid,uuid) to service_role;
grant execute on function quire.reprocess_document(uuid) to service_role;
grant execute on function quire.reprocess_read_before(integer,uuid,integer) to service_role;
grant execute on function quire.requeue_lost_documents() to service_role;
grant execute on function quire.retry_document(uuid,integer,text,text,text,integer) to service_role;
grant execute on function quire.save_page(uuid,integer,integer,text,real,integer,integer,real,integer,integer,text[],text,text,text,jsonb,integer,integer,real,text[],jsonb,integer,text) to service_role;
grant execute on function quire.searchable(uuid,text) to service_role;
grant execute on function quire.standing_of(uuid,uuid[]) to service_role;
grant execute on function quire.take_files_to_delete(integer) to service_role;
grant execute on function quire.tell_change() to service_role;
grant execute on function quire.tell_webhooks() to service_role;
grant execute on function quire.test_webhook(uuid,uuid) to service_role;
grant execute on function quire.words(text) to authenticated;
grant execute on function quire.words(text) to service_role;
grant select on public.audit_log to authenticated;
grant select on public.audit_log to service_role;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.document_failures to service_role;
grant select, update, usage on public.document_failures_id_seq to service_role;
grant insert (filename), insert (id), insert (options), insert (owner_id), insert (sha256), insert (size_bytes), insert (storage_key), select (content_type), select (created_at), select (current_run), select (error_code), select (error_message), select (failures), select (filename), select (finished_at), select (id), select (lane), select (options), select (options_hash), select (original_erased_at), select (owner_id), select (page_count), select (pages_done), select (pages_failed), select (queued_at), select (revision), select (sha256), select (size_bytes), select (size_category), select (stalls), select (started_at), select (status), select (storage_key), select (visible_run) on public.documents to authenticated;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.documents to service_role;
grant select on public.erased_documents to authenticated;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.erased_documents to service_role;
grant select on public.outputs to authenticated;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.outputs to service_role;
grant select on public.page_contents to authenticated;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.page_contents to service_role;
grant select on public.pages to authenticated;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.pages to service_role;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.pages_in_flight to service_role;
grant select (created_at), select (disabled_reason), select (events), select (failing_since), select (failures), select (id), select (last_error), select (last_error_at), select (last_status), select (owner_id), select (paused_until), select (url) on public.webhooks to authenticated;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.webhooks to service_role;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.worker_events to service_role;
grant select, update, usage on public.worker_events_id_seq to service_role;
grant delete, insert, maintain, references, select, trigger, truncate, update on public.worker_memory_samples to service_role;
grant select on quire.document_buckets to service_role;
grant select on quire.files_to_delete to service_role;
grant select on quire.installation to service_role;
grant select, update on quire.limits to service_role;
grant usage on schema quire to authenticated;
grant usage on schema quire to service_role;

CREATE OR REPLACE FUNCTION quire.acquit_claim(p_document uuid, p_claim integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  update public.pages_in_flight f set deaths = f.deaths - 1
  where f.document_id = p_document and f.claim = p_claim and f.deaths > 0 and not f.alone
$function$
;

CREATE OR REPLACE FUNCTION public.add_document(id uuid, filename text, storage_key text, size_bytes bigint, sha256 text, options jsonb DEFAULT '{}'::jsonb, force boolean DEFAULT false)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  asker uuid := auth.uid();
  added uuid;
begin
  if not coalesce(quire.is_key_of(asker, add_document.storage_key), false) then
    raise exception using errcode = 'insufficient_privilege', message = 'A file is named after whoever stored it.';
  end if;
  select a.id into added from quire.add_document(
    add_document.id, asker, add_document.filename, add_document.storage_key, add_document.size_bytes,
    add_document.sha256, add_document.options, 0, add_document.force
  ) a;
  return added;
exception when unique_violation then
  -- Whose it is is not told.
  raise exception using errcode = 'PT422', message = 'invalid_document', detail = 'Choose another id.';
end
$function$
;

CREATE OR REPLACE FUNCTION quire.add_document(p_id uuid, p_owner uuid, p_filename text, p_storage_key text, p_size_bytes bigint, p_sha256 text, p_options jsonb, p_priority integer, p_force boolean)
 RETURNS TABLE(id uuid, created boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
      and d.options_hash = quire.options_hash(quire.complete_options(p_options))
      and d.status in ('uploaded', 'queued', 'processing', 'completed')
      and (d.status <> 'completed' or not exists (
        select from public.pages p
        where p.document_id = d.id and p.run = d.visible_run and p.outcome = 'recognized'
          and quire.reader_version(p.reader) < quire.current_reader_version()
      ))
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
$function$
;

CREATE OR REPLACE FUNCTION public.add_webhook(id uuid, url text, secret text, events text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if auth.uid() is null then
    raise insufficient_privilege using message = 'A webhook belongs to whoever adds it.';
  end if;
  perform quire.add_webhook(auth.uid(), add_webhook.id, add_webhook.url, add_webhook.secret, add_webhook.events);
end
$function$
;

CREATE OR REPLACE FUNCTION quire.add_webhook(p_owner uuid, p_id uuid, p_url text, p_secret text, p_events text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.assert_own(p_document uuid)
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.assert_queue_room()
 RETURNS void
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select quire.assert_room(auth.uid())
$function$
;

CREATE OR REPLACE FUNCTION quire.assert_room(p_owner uuid)
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.audit(p_owner uuid, p_document uuid, p_action text, p_figures jsonb DEFAULT '{}'::jsonb)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.audit_access(p_owner uuid, p_document uuid, p_actor text, p_action text, p_request uuid)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  with of as materialized (
    select d.owner_id, date_trunc('hour', now(), 'UTC') as hour from public.documents d
    where d.id = p_document and (p_owner is null or d.owner_id = p_owner)
    union all
    select p_owner, date_trunc('hour', now(), 'UTC') where p_document is null
  ),
  added as (
    insert into public.audit_log (owner_id, document_id, actor, action, via, request_id, hour)
    select of.owner_id, p_document, p_actor, p_action, quire.audit_via(), p_request, of.hour from of
    where not exists (
      select from public.audit_log a
      where a.hour = of.hour and a.actor = p_actor and a.action = p_action
        and coalesce(a.document_id, a.owner_id, '00000000-0000-0000-0000-000000000000')
          = coalesce(p_document, of.owner_id, '00000000-0000-0000-0000-000000000000')
    )
    on conflict do nothing
  )
  select exists (select from of)
$function$
;

CREATE OR REPLACE FUNCTION quire.audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.audit_via()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case when said in ('api', 'cli', 'worker') then said else 'database' end
  from (select current_setting('quire.via', true)) as setting (said)
$function$
;

CREATE OR REPLACE FUNCTION quire.audit_webhook()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if tg_op = 'INSERT' then
    perform quire.audit(new.owner_id, null, 'webhook_added', jsonb_build_object('webhookId', new.id));
  else
    perform quire.audit(old.owner_id, null, 'webhook_removed', jsonb_build_object('webhookId', old.id));
  end if;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.begin_delivery(p_webhook uuid, p_document uuid, p_is_test boolean)
 RETURNS TABLE(url text, secret text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select w.url, w.secret from public.webhooks w
  where w.id = p_webhook and (w.disabled_reason is null or p_is_test)
    and (p_document is null or exists (select from public.documents d where d.id = p_document))
$function$
;

CREATE OR REPLACE FUNCTION quire.begin_new_run(p_document uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.begin_output(p_document uuid, p_run integer, p_claim integer, p_format text, p_seconds real)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  -- Locked, so that an erasing comes after it, which takes along what is noted, or before it.
  insert into quire.files_to_delete as f (key, due_at)
  select quire.output_key(d.owner_id, d.id, p_run, p_claim, p_format), now() + make_interval(secs => p_seconds)
  from public.documents d where d.id = p_document for share
  on conflict (key) do update set due_at = greatest(f.due_at, excluded.due_at), attempts = 0;
  return found;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.begin_page(p_document uuid, p_claim integer, p_page_number integer, p_alone boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform set_config('synchronous_commit', 'off', true);
  insert into public.pages_in_flight as f (document_id, page_number, claim, alone)
  select d.id, p_page_number, p_claim, p_alone from public.documents d
  where d.id = p_document and d.claim = p_claim and d.status = 'processing' for share
  on conflict (document_id, page_number) do update set
    claim = excluded.claim, alone = excluded.alone, started_at = now();
  return found;
end
$function$
;

CREATE OR REPLACE FUNCTION public.cancel_document(document_id uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform quire.assert_own(document_id);
  return quire.cancel_document(document_id);
end
$function$
;

CREATE OR REPLACE FUNCTION quire.cancel_document(p_document uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.claim_document(p_document uuid, p_job uuid, p_worker text)
 RETURNS TABLE(owner_id uuid, run integer, storage_key text, size_bytes bigint, sha256 text, options jsonb, lane text, page_count integer, claim integer, pages_read integer[], suspects jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
  if d.options ? 'deskew' and d.options -> 'languages' = '["eng"]' then
    d.options := d.options || '{"languages": ["auto"]}';
  end if;
  update public.pages_in_flight f set deaths = f.deaths + 1, alone = false
  where f.document_id = p_document and f.alone;
  return query select
    d.owner_id, d.current_run, d.storage_key, d.size_bytes, d.sha256, '{"deskew": "auto"}' || d.options, d.lane,
    d.page_count, d.claim,
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
$function$
;

CREATE OR REPLACE FUNCTION quire.complete_inserted()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  new.options := quire.complete_options(new.options);
  return new;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.complete_options(options jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
declare
  complete jsonb;
begin
  if jsonb_typeof(options) = 'object' then
    complete := '{"languages": ["auto"], "textLayer": "auto", "rotate": "auto"}'::jsonb || (options - 'deskew');
  end if;
  if complete is null
    or complete - array['languages', 'textLayer', 'rotate', 'quality'] <> '{}'::jsonb
    or jsonb_typeof(complete -> 'languages') <> 'array'
    or jsonb_array_length(complete -> 'languages') not between 1 and 10
    or exists (
      select from jsonb_array_elements(complete -> 'languages') l
      where jsonb_typeof(l) <> 'string' or (l #>> '{}') !~ '^[A-Za-z_]{3,20}$'
    )
    or complete -> 'textLayer' not in ('"auto"', '"never"', '"only"')
    or complete -> 'rotate' not in ('"auto"', '"never"')
    or complete -> 'quality' not in ('"fast"', '"balanced"', '"best"')
  then
    raise exception using errcode = 'PT422', message = 'invalid_document',
      detail = 'The options of a document are languages (1 to 10 names such as eng, or auto), textLayer (auto, never, only), rotate (auto, never) and quality (fast, balanced, best).';
  end if;
  return complete;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.count_read_before(p_version integer, p_owner uuid, p_limit integer)
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select count(*)::int from (select from quire.documents_read_before(p_version, p_owner) limit p_limit) found
$function$
;

CREATE OR REPLACE FUNCTION quire.count_traces(p_table regclass, p_ids uuid[])
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  conditions text;
  found bigint;
begin
  select string_agg(
    case
      when t.typname = 'uuid' then format('r.%I = any ($1)', a.attname)
      else format(
        -- Without parentheses in it, the pattern costs a tenth.
        'length(r.%1$I::text) >= 36 and exists (
          select from regexp_matches(lower(r.%1$I::text), %2$L, %3$L) m where m[1]::uuid = any ($1)
        )',
        a.attname, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g'
      )
    end, ' or '
  ) into conditions
  from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
    -- Types that can hold an id: text and all that is kept as text, JSON, identifiers, arrays and types of our own.
    and (t.typcategory in ('S', 'A', 'C', 'U') or t.typname = 'uuid')
    and t.typname not in ('tsvector', 'bytea')
    and not (p_table = 'public.page_contents'::regclass and a.attname in ('text', 'words'));
  if conditions is null then
    return 0;
  end if;
  execute format('select count(*) from %s r where %s', p_table, conditions) into found using p_ids;
  return found;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.current_reader_version()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select 2
$function$
;

CREATE OR REPLACE FUNCTION quire.delivery_failed(p_webhook uuid, p_error text, p_status integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.delivery_succeeded(p_webhook uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.describe_document(p_document uuid, p_claim integer, p_page_count integer, p_content_type text, p_sha256 text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.document_bucket_ids()
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(bucket_id), '{}') from quire.document_buckets
$function$
;

CREATE OR REPLACE FUNCTION quire.documents_held_by(p_worker text)
 RETURNS TABLE(id uuid, claim integer, lane text, job_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select d.id, d.claim, d.lane, d.job_id from public.documents d
  where d.worker_id = p_worker and d.status = 'processing'
$function$
;

CREATE OR REPLACE FUNCTION quire.documents_read_before(p_version integer, p_owner uuid)
 RETURNS TABLE(id uuid, owner_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select d.id, d.owner_id from public.documents d
  where d.status in ('completed', 'partial') and d.original_erased_at is null
    and (p_owner is null or d.owner_id = p_owner)
    and exists (
      select from public.pages p
      where p.document_id = d.id and p.run = d.visible_run and p.outcome = 'recognized'
        and quire.reader_version(p.reader) < p_version
    )
  order by d.created_at desc, d.id
$function$
;

CREATE OR REPLACE FUNCTION quire.drop_deliveries(p_webhook uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  execute $sql$
    delete from pgboss.job_common j
    where j.name = 'webhook' and j.state < 'active' and j.data ->> 'webhookId' = $1
  $sql$ using p_webhook::text;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.enqueue(document uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.enqueue_inserted()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform quire.enqueue(new.id);
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.erase_document(document_id uuid)
 RETURNS TABLE(storage_key text, previews jsonb, outputs jsonb)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select e.storage_key, e.previews, e.outputs from quire.erase_document(auth.uid(), erase_document.document_id) e
$function$
;

CREATE OR REPLACE FUNCTION quire.erase_document(p_owner uuid, p_document uuid)
 RETURNS TABLE(storage_key text, previews jsonb, outputs jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  d public.documents;
begin
  -- A document never changes its owner, so whose it is may be asked before anything is locked.
  if exists (select from public.documents doc where doc.id = p_document and doc.owner_id = p_owner) then
    perform quire.lock_job(p_document);
    select * into d from public.documents doc where doc.id = p_document for update;
  end if;
  if d.id is null then
    if exists (select from public.erased_documents e where e.document_id = p_document and e.owner_id = p_owner) then
      return;
    end if;
    raise exception using errcode = 'PT404', message = 'document_not_found';
  end if;
  update pgboss.job j set state = 'cancelled', completed_on = now()
  where j.name = 'ocr-' || d.lane and j.id = d.job_id and j.state < 'completed';
  select jsonb_agg(jsonb_build_object('run', p.run, 'claim', p.claim, 'pageNumber', p.page_number)) into previews
  from public.pages p where p.document_id = p_document and p.preview_bytes is not null;
  select jsonb_agg(jsonb_build_object('run', o.run, 'claim', o.claim, 'format', o.format)) into outputs
  from public.outputs o where o.document_id = p_document;
  insert into public.erased_documents (document_id, owner_id, status, page_count, size_bytes)
  values (d.id, d.owner_id, d.status, d.page_count, d.size_bytes);
  delete from public.documents doc where doc.id = p_document;
  return query select
    case
      when starts_with(d.storage_key, p_owner || '/')
        and not exists (select from public.documents other where other.storage_key = d.storage_key)
      then d.storage_key
    end,
    coalesce(previews, '[]'), coalesce(outputs, '[]');
end
$function$
;

CREATE OR REPLACE FUNCTION quire.erase_expired(p_days real, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  d record;
  erased int := 0;
begin
  perform set_config('quire.why', 'retention', true);
  for d in
    select doc.id, doc.owner_id from public.documents doc
    where coalesce(doc.finished_at, doc.queued_at, doc.created_at) < now() - make_interval(secs => p_days * 86400)
    order by coalesce(doc.finished_at, doc.queued_at, doc.created_at) limit p_limit
  loop
    perform quire.erase_document(d.owner_id, d.id);
    erased := erased + 1;
  end loop;
  perform set_config('quire.why', '', true);
  return erased;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.erase_originals(p_days real, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  d public.documents;
  erased int := 0;
begin
  for d in
    select doc.* from public.documents doc
    where doc.original_erased_at is null and doc.finished_at < now() - make_interval(secs => p_days * 86400)
      and doc.status in ('completed', 'partial', 'failed', 'cancelled')
    order by doc.finished_at limit p_limit for update skip locked
  loop
    update public.documents doc set original_erased_at = now() where doc.id = d.id;
    if starts_with(d.storage_key, d.owner_id || '/') and not exists (
      select from public.documents other where other.storage_key = d.storage_key and other.original_erased_at is null
    ) then
      insert into quire.files_to_delete (key) values (d.storage_key) on conflict do nothing;
    end if;
    erased := erased + 1;
  end loop;
  return erased;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.erase_owned(p_owner uuid, p_limit integer)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  d record;
begin
  perform set_config('quire.why', 'erasure', true);
  for d in select doc.id from public.documents doc where doc.owner_id = p_owner order by doc.id limit p_limit loop
    perform quire.erase_document(p_owner, d.id);
    return next d.id;
  end loop;
  perform set_config('quire.why', '', true);
end
$function$
;

CREATE OR REPLACE FUNCTION quire.fail_document(p_document uuid, p_claim integer, p_code text, p_message text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if (quire.lock_claimed(p_document, p_claim)).id is null then
    return false;
  end if;
  perform quire.give_up(p_document, p_claim, p_code, p_message);
  return true;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.files_deleted(p_keys text[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  delete from quire.files_to_delete f where f.key = any (p_keys)
$function$
;

CREATE OR REPLACE FUNCTION quire.find_own_pages(p_alternatives jsonb, p_document uuid, p_after_micros bigint, p_after_document uuid, p_after_page integer, p_limit integer)
 RETURNS TABLE(document_id uuid, filename text, run integer, page_number integer, created_micros text, is_hit boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if length(p_alternatives::text) > 20000 then
    raise exception using errcode = 'PT400', message = 'invalid_request', detail = 'The search is too long.';
  end if;
  return query select f.* from quire.find_pages(
    auth.uid(), p_alternatives, p_document, p_after_micros, p_after_document, p_after_page, least(p_limit, 501)
  ) f;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.find_pages(p_owner uuid, p_alternatives jsonb, p_document uuid, p_after_micros bigint, p_after_document uuid, p_after_page integer, p_limit integer)
 RETURNS TABLE(document_id uuid, filename text, run integer, page_number integer, created_micros text, is_hit boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.finish_document(p_document uuid, p_claim integer, p_max_failed_ratio real)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.forget_claim(p_document uuid, p_job uuid, p_lane text, p_rank integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  update public.documents d set
    status = 'queued', worker_id = null, job_id = p_job, lane = p_lane, queue_rank = p_rank
  where d.id = p_document;
  delete from public.pages_in_flight f using public.documents d
  where d.id = p_document and f.document_id = p_document and f.claim = d.claim
    and f.deaths = 0 and f.kills = 0;
  update public.pages_in_flight f set alone = false where f.document_id = p_document;
$function$
;

CREATE OR REPLACE FUNCTION quire.forget_document()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if old.original_erased_at is null and starts_with(old.storage_key, old.owner_id || '/') and not exists (
    select from public.documents other where other.storage_key = old.storage_key and other.original_erased_at is null
  ) then
    insert into quire.files_to_delete (key) values (old.storage_key) on conflict do nothing;
  end if;
  if old.status = 'processing' then
    insert into quire.files_to_delete (key, due_at)
    select quire.preview_key(old.owner_id, old.id, old.current_run, c, p), now() + interval '2 minutes'
    from generate_series(greatest(1, old.claim - 2), old.claim) c, generate_series(1, old.page_count) p
    on conflict do nothing;
  end if;
  -- But for one that somebody is about to claim: that one waits for the document, finds it gone and drops the job.
  delete from pgboss.job j using (
    select own.name, own.id from pgboss.job own where own.data ->> 'documentId' = old.id::text for update skip locked
  ) free
  where j.name = free.name and j.id = free.id;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.forget_output_files()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into quire.files_to_delete (key) select o.storage_key from gone o
  -- One that was noted ahead stays so: another process may be about to store it once more.
  on conflict do nothing;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.forget_outputs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from public.outputs o
  where o.document_id = new.id and (
    o.run <> new.visible_run or not quire.is_settled(new)
    or (o.format = 'pdf' and new.original_erased_at is not null)
  );
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.forget_owner(p_owner uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  forgotten int;
begin
  perform quire.remove_webhook(p_owner, w.id) from public.webhooks w where w.owner_id = p_owner;
  update public.erased_documents e set owner_id = null where e.owner_id = p_owner;
  get diagnostics forgotten = row_count;
  return forgotten;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.forget_previews()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into quire.files_to_delete (key)
  select quire.preview_key(p.owner_id, p.document_id, p.run, p.claim, p.page_number)
  from gone p where p.preview_bytes is not null
  on conflict do nothing;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.give_up(p_document uuid, p_claim integer, p_code text, p_message text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.index_query(p_owner uuid, p_alternatives jsonb)
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.is_key_of(owner uuid, key text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select starts_with(key, owner || '/') and key !~ '(^|/)\.{0,2}(/|$)' and position('\' in key) = 0
$function$
;

CREATE OR REPLACE FUNCTION quire.is_settled(d public.documents)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select d.status not in ('uploaded', 'queued', 'processing') or d.current_run <> d.visible_run
$function$
;

CREATE OR REPLACE FUNCTION quire.job_priority(priority integer, rank integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select priority * 10000000 - rank
$function$
;

CREATE OR REPLACE FUNCTION quire.keep_audit()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if tg_op = 'DELETE' and tg_level = 'ROW'
    and old.at < nullif(current_setting('quire.prune_audit_before', true), '')::timestamptz
  then
    return old;
  end if;
  raise exception using errcode = 'insufficient_privilege', message = 'audit_log is only ever added to';
end
$function$
;

CREATE OR REPLACE FUNCTION quire.keep_output(p_document uuid, p_run integer, p_claim integer, p_format text, p_pages integer, p_size_bytes bigint, p_sha256 text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  d public.documents;
begin
  select doc.* into d from public.documents doc where doc.id = p_document for share;
  if d.id is null or not quire.is_settled(d) or d.visible_run <> p_run
    or (p_format = 'pdf' and d.original_erased_at is not null)
    or not exists (
      select from public.pages p where p.document_id = p_document and p.run = p_run
      having max(p.claim) = p_claim and count(*) = p_pages
    )
    or not exists (
      select from quire.files_to_delete f
      where f.key = quire.output_key(d.owner_id, d.id, p_run, p_claim, p_format)
        and f.attempts = 0 and f.due_at > now()
    )
  then
    return false;
  end if;
  -- Somebody else may have made it too: of the same pages, so that it is the same.
  insert into public.outputs (document_id, run, claim, format, owner_id, size_bytes, sha256)
  values (p_document, p_run, p_claim, p_format, d.owner_id, p_size_bytes, p_sha256)
  on conflict do nothing;
  return true;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.lane(size_bytes bigint, page_count integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case
    when size_bytes >= 20000000 or page_count > 80 then 'large'
    when size_bytes >= 5000000 or page_count > 20 then 'medium'
    else 'small'
  end
$function$
;

CREATE OR REPLACE FUNCTION quire.like_patterns(p_terms jsonb)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(
    '% ' || (
      select string_agg(w.word, ' ' order by w.place)
      from jsonb_array_elements_text(t -> 'words') with ordinality w (word, place)
    ) || case when (t ->> 'isPrefix')::boolean then '%' else ' %' end
  ), '{}') from jsonb_array_elements(p_terms) t
$function$
;

CREATE OR REPLACE FUNCTION quire.lock_claimed(p_document uuid, p_claim integer)
 RETURNS public.documents
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select d from public.documents d
  where d.id = p_document and d.claim = p_claim and d.status = 'processing' for update
$function$
;

CREATE OR REPLACE FUNCTION quire.lock_document(p_document uuid)
 RETURNS public.documents
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  d public.documents;
begin
  select * into d from public.documents doc where doc.id = p_document for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'document_not_found';
  end if;
  return d;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.lock_job(p_document uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select from pgboss.job j join public.documents d on j.id = d.job_id and j.name = 'ocr-' || d.lane
  where d.id = p_document for update of j
$function$
;

CREATE OR REPLACE FUNCTION quire.move_document(p_document uuid, p_claim integer, p_lane text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.next_rank(owner_id uuid, lane text, priority smallint)
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.number_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  new.revision := old.revision + 1;
  return new;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.options_hash(options jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select md5((
    '{"quality": "balanced"}'::jsonb || (options - 'deskew')
    || case when options -> 'languages' = '["eng"]' then '{"languages": ["auto"]}'::jsonb else '{}' end
  )::text)
$function$
;

CREATE OR REPLACE FUNCTION quire.orphan_document(p_document uuid, p_claim integer, p_killed boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.output_key(p_owner uuid, p_document uuid, p_run integer, p_claim integer, p_format text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select format('%s/%s/run-%s/claim-%s/output.%s', p_owner, p_document, p_run, p_claim, p_format)
$function$
;

CREATE OR REPLACE FUNCTION quire.owner_erased_at(p_owner uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select max(a.at) from public.audit_log a where a.owner_id = p_owner and a.action = 'owner_erased'
$function$
;

CREATE OR REPLACE FUNCTION quire.preview_key(p_owner uuid, p_document uuid, p_run integer, p_claim integer, p_page_number integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select format('%s/%s/run-%s/claim-%s/page-%s.webp', p_owner, p_document, p_run, p_claim, p_page_number)
$function$
;

CREATE OR REPLACE FUNCTION quire.prune_audit(p_days real, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.put_delivery(w public.webhooks, p_data jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.put_job(job_id uuid, document_id uuid, lane text, priority integer, delay_seconds integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.queue_standing(document_ids uuid[])
 RETURNS TABLE(id uuid, queue_position integer, seconds_left integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select s.id, s.queue_position, s.seconds_left from quire.standing_of(auth.uid(), document_ids[1:500]) s
$function$
;

CREATE OR REPLACE FUNCTION quire.reader_version(reader jsonb)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select coalesce((reader ->> 'version')::int, 1)
$function$
;

CREATE OR REPLACE FUNCTION quire.record_failure(p_document uuid, p_claim integer, p_worker text, p_code text, p_message text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  insert into public.document_failures (document_id, claim, worker_id, code, message)
  values (p_document, p_claim, p_worker, p_code, p_message);
  delete from public.document_failures f where f.document_id = p_document and f.id <= (
    select o.id from public.document_failures o where o.document_id = p_document order by o.id desc offset 20 limit 1
  );
$function$
;

CREATE OR REPLACE FUNCTION quire.redrive_document(p_document uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
    ),
    priority = case when d.priority = -20 then 0 else d.priority end
  where doc.id = p_document;
  perform quire.enqueue(p_document);
end
$function$
;

CREATE OR REPLACE FUNCTION quire.refuse_erased()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if exists (select from public.erased_documents e where e.document_id = new.id) then
    raise exception using errcode = 'PT410', message = 'document_erased';
  end if;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.refuse_without_original()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  raise exception using errcode = 'PT410', message = 'original_erased';
end
$function$
;

CREATE OR REPLACE FUNCTION quire.release_document(p_document uuid, p_claim integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.remove_webhook(webhook_id uuid)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select quire.remove_webhook(auth.uid(), webhook_id)
$function$
;

CREATE OR REPLACE FUNCTION quire.remove_webhook(p_owner uuid, p_webhook uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from public.webhooks w where w.id = p_webhook and w.owner_id = p_owner;
  if not found then
    return false;
  end if;
  perform quire.drop_deliveries(p_webhook);
  return true;
end
$function$
;

CREATE OR REPLACE FUNCTION public.reprocess_document(document_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform quire.assert_own(document_id);
  perform quire.reprocess_document(document_id);
end
$function$
;

CREATE OR REPLACE FUNCTION quire.reprocess_document(p_document uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update public.documents d set priority = 0
  where d.id = p_document and d.priority = -20 and d.status not in ('uploaded', 'queued', 'processing');
  perform quire.begin_new_run(p_document);
end
$function$
;

CREATE OR REPLACE FUNCTION quire.reprocess_read_before(p_version integer, p_owner uuid, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  lowest constant int := -20;
  limits quire.limits;
  old record;
  full_owners uuid[] := '{}';
  room int;
  queued int := 0;
begin
  -- One at a time: two would lock the same owners, each in its own order.
  perform pg_advisory_xact_lock(hashtextextended('quire.reprocess_read_before', 0));
  select * into limits from quire.limits;
  select limits.max_queued / 2 - count(*) into room from (
    select from public.documents w where w.status = 'queued' limit limits.max_queued
  ) w;
  for old in select * from quire.documents_read_before(p_version, p_owner) loop
    exit when queued >= least(p_limit, 1000, room);
    continue when old.owner_id = any (full_owners);
    if (
      select count(*) from (
        select from public.documents w where w.owner_id = old.owner_id and w.status = 'queued'
        limit limits.max_queued_per_owner
      ) w
    ) >= limits.max_queued_per_owner / 2 then
      full_owners := full_owners || old.owner_id;
      continue;
    end if;
    -- What somebody else is changing now is left alone: waiting for it while holding others could be a deadlock.
    perform from public.documents d
    where d.id = old.id and d.status in ('completed', 'partial') for update skip locked;
    continue when not found;
    update public.documents d set priority = lowest where d.id = old.id;
    perform quire.begin_new_run(old.id);
    queued := queued + 1;
  end loop;
  return queued;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.requeue_lost_documents()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.retry_document(document_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform quire.assert_own(document_id);
  perform quire.redrive_document(document_id);
end
$function$
;

CREATE OR REPLACE FUNCTION quire.retry_document(p_document uuid, p_claim integer, p_kind text, p_code text, p_message text, p_delay_seconds integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.save_page(p_document uuid, p_claim integer, p_page_number integer, p_outcome text, p_mean_confidence real, p_width integer, p_height integer, p_dpi real, p_rotation integer, p_duration_ms integer, p_warnings text[], p_error_code text, p_error_message text, p_text text, p_words jsonb, p_preview_bytes integer DEFAULT NULL::integer, p_orientation integer DEFAULT 0, p_skew real DEFAULT 0, p_languages text[] DEFAULT '{}'::text[], p_reader jsonb DEFAULT NULL::jsonb, p_uncertain_numbers integer DEFAULT NULL::integer, p_missing_language text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  saved record;
begin
  insert into public.pages (
    document_id, run, page_number, owner_id, claim, outcome, mean_confidence, width, height, dpi, rotation,
    orientation, skew, languages, reader, uncertain_numbers, missing_language, duration_ms, warnings, error_code,
    error_message, preview_bytes, revision
  )
  select
    d.id, d.current_run, p_page_number, d.owner_id, d.claim, p_outcome, p_mean_confidence, p_width, p_height, p_dpi,
    p_rotation, p_orientation, p_skew, p_languages, p_reader, p_uncertain_numbers, p_missing_language, p_duration_ms,
    p_warnings, p_error_code, p_error_message, p_preview_bytes, d.revision + 1
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
$function$
;

CREATE OR REPLACE FUNCTION public.search_pages(query text, only_document uuid DEFAULT NULL::uuid, max_pages integer DEFAULT 20)
 RETURNS TABLE(document_id uuid, filename text, page_number integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.searchable(owner_id uuid, text text)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT COST 10000
 SET search_path TO ''
AS $function$
  select array_to_tsvector(array(
    select right(owner_id::text, 12) || left(word, 100)
    from string_to_table(trim(quire.words(text)), ' ') word where word <> ''
  ))
$function$
;

CREATE OR REPLACE FUNCTION quire.standing_of(p_owner uuid, p_documents uuid[])
 RETURNS TABLE(id uuid, queue_position integer, seconds_left integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
#variable_conflict use_column
begin
  return query with asked as materialized (
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
    left join under_way on under_way.lane = w.lane;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.take_files_to_delete(p_limit integer)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from quire.files_to_delete f where f.due_at <= now() and (
    exists (select from public.documents d where d.storage_key = f.key and d.original_erased_at is null)
    or exists (select from public.outputs o where o.storage_key = f.key)
  );
  return query
    update quire.files_to_delete f set
      attempts = f.attempts + 1,
      due_at = now() + least(interval '1 minute' * 2 ^ least(f.attempts, 10), interval '6 hours')
    where f.key in (
      select due.key from quire.files_to_delete due where due.due_at <= now()
      order by due.due_at limit p_limit for update skip locked
    )
    returning f.key;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.tell_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  d public.documents := case when tg_op = 'DELETE' then old else new end;
begin
  perform pg_notify('quire_documents', d.owner_id || ' ' || d.id);
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.tell_webhooks()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform quire.put_delivery(w, jsonb_build_object(
    'type', 'document.' || new.status,
    'timestamp', new.finished_at,
    'data', jsonb_build_object(
      'documentId', new.id, 'status', new.status, 'pageCount', new.page_count, 'pagesFailed', new.pages_failed,
      'uncertainNumbers', to_check.numbers, 'uncertainPages', to_check.pages,
      'errorCode', new.error_code, 'finishedAt', new.finished_at
    )
  ))
  from public.webhooks w cross join lateral (
    select
      case when count(*) = count(p.uncertain_numbers) then coalesce(sum(p.uncertain_numbers), 0) end as numbers,
      coalesce(
        (array_agg(p.page_number order by p.page_number) filter (where p.uncertain_numbers > 0))[1:200], '{}'
      ) as pages
    from public.pages p
    where p.document_id = new.id and p.run = new.visible_run
      and (p.uncertain_numbers > 0 or (p.uncertain_numbers is null and p.outcome = 'recognized'))
  ) to_check
  where w.owner_id = new.owner_id and w.disabled_reason is null and 'document.' || new.status = any (w.events);
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.test_webhook(webhook_id uuid)
 RETURNS uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select quire.test_webhook(auth.uid(), webhook_id)
$function$
;

CREATE OR REPLACE FUNCTION quire.test_webhook(p_owner uuid, p_webhook uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION quire.use_bucket(p_bucket text, p_max_file_bytes bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
  values (p_bucket, p_bucket, false, p_max_file_bytes, array[
    'application/pdf', 'image/tiff', 'image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp', 'image/avif',
    'application/octet-stream'
  ])
  on conflict (id) do update set file_size_limit = excluded.file_size_limit;
  if (select public from storage.buckets where id = p_bucket) then
    raise exception using errcode = 'PT422', message = 'invalid_configuration',
      detail = 'The bucket is public. Make it private, or set SUPABASE_BUCKET to another name.';
  end if;
  insert into quire.document_buckets (bucket_id) values (p_bucket) on conflict do nothing;
end
$function$
;

CREATE OR REPLACE FUNCTION quire.words(text text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO ''
AS $function$
  select regexp_replace(
    ' ' || left(
      -- Asking is a quarter of the work, and most texts are that way.
      lower(case when start is nfkc normalized then start else normalize(start, NFKC) end collate "und-x-icu"), 100000
    ) || ' ',
    '[^[:alnum:]\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u109f\u1780-\u17d3\u3099\u309a]+',
    ' ', 'g'
  ) from left(text, 100000) start
$function$
;

