-- What Supabase brings and a plain Postgres lacks: its roles, its default privileges and auth.uid(). `quire migrate`
-- runs it where there is no auth.uid(); nothing here exists to be secure, only to make the policies mean the same.

do $$
declare
  role_name text;
begin
  -- Roles belong to the cluster: another database of it may have brought them already, or does so right now. So each
  -- is made in one go: two that alter the same role at once fail.
  foreach role_name in array array['anon', 'authenticated', 'service_role'] loop
    begin
      execute format(
        'create role %I nologin noinherit %s', role_name, case role_name when 'service_role' then 'bypassrls' end
      );
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end
$$;

create schema if not exists auth;

create or replace function auth.uid() returns uuid language sql stable as $$
  select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

grant usage on schema auth, public to anon, authenticated, service_role;
grant execute on function auth.uid() to anon, authenticated, service_role;

-- As on Supabase, whatever is created in public is open to its roles until a migration closes it.
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;

-- What Realtime tells of. Nobody listens to it here.
do $$
begin
  create publication supabase_realtime;
exception when duplicate_object then
  null;
end
$$;
