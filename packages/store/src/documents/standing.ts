import type { Database } from "../database.ts";
import { assertDocumentId } from "./documentId.ts";

/** How long a document will take. */
export interface Standing {
  /** Documents that are read before it while it waits, at most 1,000 of them counted; else null. */
  readonly queuePosition: number | null;
  /** Estimate until its last page is read; null where there is nothing to estimate by, and at its end. */
  readonly secondsLeft: number | null;
}

/** Of a lane's queue; one that is further back is told that so many are before it, and no time. */
const countedAtMost = 1_000;
/** Documents asked about in one statement. */
const askedAtOnce = 500;
/** Pages of a claim whose pace is taken: enough to level out, few enough to follow a change. */
const pagesOfPace = 10;
/** The last pages by which the pace of all workers is told; a fleet saves them in less than the time looked back. */
const pagesLookedAt = 200;

/** Pages of the document `d` that are still to be read. Unopened, a page weighs 0.25 MB: see `quire.lane`. */
const pagesLeft =
  "greatest(coalesce(d.page_count, greatest(ceil(d.size_bytes / 250000.0), 1)) - d.pages_done, 0)";

/** How these documents of an owner stand; of those that are none of the owner's, or at their end, nothing is known. */
export async function standingOf(
  database: Database,
  ownerId: string,
  ids: readonly string[],
): Promise<Map<string, Standing>> {
  const unknown: Standing = { queuePosition: null, secondsLeft: null };
  const standings = new Map(ids.map((id) => [assertDocumentId(id), unknown]));
  for (let start = 0; start < ids.length; start += askedAtOnce) {
    const asked = ids.slice(start, start + askedAtOnce);
    const rows = await database.query<Standing & { id: string }>(statement, [ownerId, asked], statementName);
    for (const { id, queuePosition, secondsLeft } of rows) standings.set(id, { queuePosition, secondsLeft });
  }
  return standings;
}

/** Planned anew each time it takes four times as long: 3.9 ms instead of 0.9 for one document. */
const statementName = "quire.standing";

const statement = `
  with asked as materialized (
    select d.*, ${pagesLeft} as pages_left from public.documents d
    where d.id = any($2::uuid[]) and d.owner_id = $1 and d.status in ('queued', 'processing')
  ),

  -- Seconds that all workers together take for a page. Between two pages lies what the second one took at most, and a
  -- second for what is done around it: where it was longer, there was nothing to read.
  pace as materialized (
    select avg(least(gap_seconds, took_seconds + 1)) as page_seconds from (
      select p.duration_ms / 1000.0 as took_seconds,
        extract(epoch from p.created_at - lag(p.created_at) over (order by p.created_at)) as gap_seconds
      from (
        select p.created_at, p.duration_ms from public.pages p
        where p.created_at > now() - interval '10 minutes' order by p.created_at desc limit ${pagesLookedAt}
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
        order by p.revision desc limit ${pagesOfPace}
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
      select j.id, j.priority, j.created_on, ${pagesLeft} as pages_left
      from pgboss.job j left join public.documents d on d.id = (j.data ->> 'documentId')::uuid
      where j.name = 'ocr-' || lanes.lane and j.priority >= lanes.priority
        and j.state < 'active' and not j.blocked and j.start_after <= now()
      order by j.priority desc, j.created_on limit ${countedAtMost}
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
    select d.lane, sum(${pagesLeft}) as pages from public.documents d where d.status = 'processing' group by d.lane
  )

  select id, null::int as "queuePosition",
    -- The page under way has had some of its time already. (greatest would take null for the least.)
    case when page_seconds is not null then
      ceil(greatest(pages_left * page_seconds - least(coalesce(since_seconds, 0), page_seconds), 0))::int
    end as "secondsLeft"
  from being_read
  union all
  select w.id, line.documents::int,
    case when line.documents < ${countedAtMost} and pace.page_seconds is not null then ceil(
      greatest(
        (coalesce(under_way.pages, 0) + line.pages) * pace.page_seconds,
        extract(epoch from w.start_after - now())
      ) + w.pages_left * pace.page_seconds
    )::int end
  from waiting w cross join pace
    join line on line.job_id = w.job_id
    left join under_way on under_way.lane = w.lane`;
