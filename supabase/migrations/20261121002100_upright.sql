-- How what is written lies on a page, and the languages it was read in.
alter table public.pages
  add column orientation smallint not null default 0 check (orientation in (0, 90, 180, 270)),
  add column skew real not null default 0 check (skew between -15 and 15),
  add column languages text[] not null default '{}';

-- As before, with these. An older worker does not know them and leaves them out.
drop function quire.save_page(
  uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb, int
);
create function quire.save_page(
  p_document uuid, p_claim int, p_page_number int, p_outcome text, p_mean_confidence real, p_width int, p_height int,
  p_dpi real, p_rotation int, p_duration_ms int, p_warnings text[], p_error_code text, p_error_message text,
  p_text text, p_words jsonb, p_preview_bytes int default null, p_orientation int default 0, p_skew real default 0,
  p_languages text[] default '{}'
) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  saved record;
begin
  insert into public.pages (
    document_id, run, page_number, owner_id, claim, outcome, mean_confidence, width, height, dpi, rotation,
    orientation, skew, languages, duration_ms, warnings, error_code, error_message, preview_bytes, revision
  )
  select
    d.id, d.current_run, p_page_number, d.owner_id, d.claim, p_outcome, p_mean_confidence, p_width, p_height, p_dpi,
    p_rotation, p_orientation, p_skew, p_languages, p_duration_ms, p_warnings, p_error_code, p_error_message,
    p_preview_bytes, d.revision + 1
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
revoke all on function quire.save_page(
  uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb, int, int, real, text[]
) from public;
grant execute on function quire.save_page(
  uuid, int, int, text, real, int, int, real, int, int, text[], text, text, text, jsonb, int, int, real, text[]
) to service_role;
