-- An application may watch documents and pages with Supabase's Realtime, which tells what its publication has and the
-- policies let each one see. Texts and words are not told: whoever is told of a page asks for them.
--
-- The replica identity stays the primary key. Of a row that is deleted Realtime tells its key only, whatever the identity
-- is, where row-level security is on; and with the whole row as identity every page that is saved would write its
-- document's old row, its name included, to the log.

do $$
begin
  if exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    alter publication supabase_realtime add table public.documents, public.pages;
  end if;
end
$$;
