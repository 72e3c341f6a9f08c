-- Where the files lie at Supabase: a private bucket, in which each owner has a folder, `{auth.uid()}/`, and nobody
-- else sees it. The service passes these policies by. There is none for update: a file that was uploaded is not
-- changed under the document that is made of it. Which buckets these policies are about is a setting
-- (SUPABASE_BUCKET), so it is data: `quire migrate` adds another one.

create table quire.document_buckets (
  bucket_id text primary key
);
revoke all on quire.document_buckets from public;
grant select on quire.document_buckets to service_role;

-- With its owner's rights, as those who upload may not read the table. What it tells, every key of theirs tells.
create function quire.document_bucket_ids() returns text[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(bucket_id), '{}') from quire.document_buckets
$$;

create policy "owners read their files" on storage.objects
  for select to authenticated using (
    bucket_id = any ((select quire.document_bucket_ids())::text[])
    and (storage.foldername(name))[1] = (select auth.uid())::text
  );
create policy "owners upload their files" on storage.objects
  for insert to authenticated with check (
    bucket_id = any ((select quire.document_bucket_ids())::text[])
    and (storage.foldername(name))[1] = (select auth.uid())::text
  );
create policy "owners delete their files" on storage.objects
  for delete to authenticated using (
    bucket_id = any ((select quire.document_bucket_ids())::text[])
    and (storage.foldername(name))[1] = (select auth.uid())::text
  );

-- Makes the bucket, private, or sets the size of its files; the policies hold for it from now on. A public bucket is
-- somebody's for another purpose, and would show every document to everybody.
-- The types are those that Quire reads; what a browser does not know, it calls application/octet-stream.
create function quire.use_bucket(p_bucket text, p_max_file_bytes bigint) returns void language plpgsql as $$
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
$$;

-- 50 MB, the default of MAX_FILE_MB; `quire migrate` sets it to what that is.
select quire.use_bucket('documents', 50000000);

revoke all on function quire.document_bucket_ids(), quire.use_bucket(text, bigint) from public;
grant execute on function quire.document_bucket_ids() to authenticated, service_role;
