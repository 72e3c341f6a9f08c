import type { Database } from "../database.ts";

/** How a worker stands, by what it has told. Times are ISO 8601. */
export interface WorkerStanding {
  readonly id: string;
  /** `silent`: it has told nothing for three minutes, and not that it leaves. */
  readonly state: "running" | "silent" | "stopped";
  /** Null if that was too long ago to be kept. */
  readonly startedAt: string | null;
  readonly lastSeenAt: string;
  /** Of its last sample; null until there is one. */
  readonly usedBytes: number | null;
  readonly budgetBytes: number | null;
}

const workersAtMost = 100;

/** Each worker that has stored a sample of its memory; they are kept for two days. Not a scan: one step a worker. */
export const sampledWorkers = `
  sampled (worker_id) as (
    (select s.worker_id from public.worker_memory_samples s order by s.worker_id limit 1)
    union all
    select (
      select s.worker_id from public.worker_memory_samples s
      where s.worker_id > sampled.worker_id order by s.worker_id limit 1
    ) from sampled where sampled.worker_id is not null
  )`;

/** Workers of the last two days, the one heard of last first. */
export async function listWorkers(database: Database): Promise<WorkerStanding[]> {
  return database.query<WorkerStanding>(
    `with recursive ${sampledWorkers}, seen as (
       select worker_id from sampled where worker_id is not null
       -- One that has just started, or did not live long enough for a sample.
       union
       select worker_id from public.worker_events
       where event in ('started', 'stopped') and at > now() - interval '2 days'
     )
     select seen.worker_id as id,
       case
         when life.event = 'stopped' then 'stopped'
         -- It stores a sample every minute, and may miss two.
         when told.at < now() - interval '3 minutes' then 'silent'
         else 'running'
       end as state,
       to_json(started.at)#>>'{}' as "startedAt", to_json(told.at)#>>'{}' as "lastSeenAt",
       sample.used_bytes::float8 as "usedBytes", sample.budget_bytes::float8 as "budgetBytes"
     from seen
     left join lateral (
       select s.at, s.used_bytes, s.budget_bytes from public.worker_memory_samples s
       where s.worker_id = seen.worker_id order by s.at desc limit 1
     ) sample on true
     left join lateral (
       select e.at, e.event from public.worker_events e
       where e.worker_id = seen.worker_id and e.event in ('started', 'stopped') order by e.at desc, e.id desc limit 1
     ) life on true
     left join lateral (
       select e.at from public.worker_events e
       where e.worker_id = seen.worker_id and e.event in ('started', 'stopped') and e.event = 'started'
       order by e.at desc limit 1
     ) started on true
     cross join lateral (select greatest(sample.at, life.at) as at) told
     order by told.at desc, seen.worker_id limit ${workersAtMost}`,
  );
}
