-- Pages, light and heavy apart: lists and live updates never carry a page's words.

create table public.pages (
  document_id uuid not null references public.documents on delete cascade,
  run int not null,
  page_number int not null check (page_number > 0),
  owner_id uuid not null,
  claim int not null,
  outcome text not null check (outcome in ('recognized', 'text_layer', 'blank', 'failed')),
  source text generated always as (
    case outcome when 'recognized' then 'ocr' when 'text_layer' then 'text_layer' end
  ) stored,
  mean_confidence real,
  width int not null,
  height int not null,
  dpi real not null,
  rotation smallint not null,
  duration_ms int not null,
  warnings text[] not null default '{}',
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  primary key (document_id, run, page_number)
);

create table public.page_contents (
  document_id uuid not null,
  run int not null,
  page_number int not null,
  owner_id uuid not null,
  text text not null,
  words jsonb not null,
  primary key (document_id, run, page_number),
  foreign key (document_id, run, page_number) references public.pages on delete cascade
);

-- What a claim is reading now, written before it is begun: after a death these are the suspects. Page 0 stands for
-- opening the document. `deaths` counts the workers that died while they had nothing but this to do, `kills` those of which
-- it is known that somebody else killed them.
create table public.pages_in_flight (
  document_id uuid not null references public.documents on delete cascade,
  page_number int not null check (page_number >= 0),
  claim int not null,
  alone boolean not null,
  deaths int not null default 0,
  kills int not null default 0,
  started_at timestamptz not null default now(),
  primary key (document_id, page_number)
);
