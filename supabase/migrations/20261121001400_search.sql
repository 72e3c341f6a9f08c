-- An owner searches the text of their own documents.

-- The words of a text, in lower case, a space before and after each: letters and digits, with the marks of those scripts
-- that write vowels so. Postgres's own parser is no help: it takes `mg/dl` for a path and what stands between two angle
-- brackets for a tag, and where the database's locale is C it takes quotation marks for letters and knows no lower case
-- of `Ä`. So the collation is named: Unicode's, in every Postgres with ICU. NFKC makes one of what looks the same, such
-- as ligatures and accents written apart.
--
-- Of a text the first 100,000 characters count: ten dense pages. It keeps what is derived from one page far below the
-- 1 MB that a tsvector can hold, so that no page can fail to be saved.
create function quire.words(text text) returns text
language sql immutable strict parallel safe set search_path = '' as $$
  select regexp_replace(
    ' ' || left(
      -- Asking is a quarter of the work, and most texts are that way.
      lower(case when start is nfkc normalized then start else normalize(start, NFKC) end collate "und-x-icu"), 100000
    ) || ' ',
    '[^[:alnum:]\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u109f\u1780-\u17d3\u3099\u309a]+',
    ' ', 'g'
  ) from left(text, 100000) start
$$;

-- What the index below holds of a page: its words, each behind the end of its owner's id. So a search looks through one
-- owner's words only, also where it looks for all that begin alike, and what others have costs it nothing. A word
-- counts with its first 100 characters.
create function quire.searchable(owner_id uuid, text text) returns tsvector
language sql immutable strict parallel safe cost 10000 set search_path = '' as $$
  select array_to_tsvector(array(
    select right(owner_id::text, 12) || left(word, 100)
    from string_to_table(trim(quire.words(text)), ' ') word where word <> ''
  ))
$$;

-- Without a pending list, which searches would have to read through and some page would have to clear away. And without
-- statistics: they would be gathered by taking 30,000 pages apart again and again, and tell nothing that is of use.
create index page_contents_searchable on public.page_contents
  using gin (quire.searchable(owner_id, text)) with (fastupdate = off);
alter index public.page_contents_searchable alter column 1 set statistics 0;

revoke all on function quire.words(text), quire.searchable(uuid, text) from public;
grant execute on function quire.words(text), quire.searchable(uuid, text) to service_role;
