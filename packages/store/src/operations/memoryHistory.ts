import type { Database } from "../database.ts";
import { sampledWorkers } from "./listWorkers.ts";

export interface MemoryWindow {
  /** How far back, at most 48 hours: older samples are not kept. */
  readonly hours: number;
  /** Points a worker, at most 1,000: what a chart has room for. */
  readonly maxPoints: number;
}

/** The highest of each interval, so that no peak is lost. */
export interface MemoryHistory {
  readonly intervalSeconds: number;
  readonly workers: {
    readonly id: string;
    /** `at` is the beginning of the interval, ISO 8601. */
    readonly samples: { readonly at: string; readonly usedBytes: number; readonly budgetBytes: number }[];
  }[];
}

const hoursAtMost = 48;
const pointsAtMost = 1_000;
const workersAtMost = 20;
/** Workers store one sample a minute: shorter intervals would have holes. */
const sampleSeconds = 60;
const hourSeconds = 3_600;

/** How the memory of the workers heard of last went, at most 20 of them, the last one first. */
export async function memoryHistory(
  database: Database,
  { hours, maxPoints }: MemoryWindow,
): Promise<MemoryHistory> {
  const seconds = Math.min(hours, hoursAtMost) * hourSeconds;
  const samplesAPoint = Math.ceil(seconds / sampleSeconds / Math.min(maxPoints, pointsAtMost));
  const intervalSeconds = Math.max(samplesAPoint, 1) * sampleSeconds;
  const workers = await database.query<MemoryHistory["workers"][number]>(
    `with recursive ${sampledWorkers}, latest as (
       select sampled.worker_id, last.at from sampled cross join lateral (
         select s.at from public.worker_memory_samples s
         where s.worker_id = sampled.worker_id order by s.at desc limit 1
       ) last
       where last.at > now() - $1 * interval '1 second'
       order by last.at desc, sampled.worker_id limit ${workersAtMost}
     )
     select worker_id as id, json_agg(
       json_build_object('at', binned.at, 'usedBytes', used_bytes, 'budgetBytes', budget_bytes) order by binned.at
     ) as samples
     from latest join lateral (
       select date_bin($2 * interval '1 second', s.at, timestamptz 'epoch') as at, max(s.used_bytes) as used_bytes,
         max(s.budget_bytes) as budget_bytes
       from public.worker_memory_samples s
       where s.worker_id = latest.worker_id and s.at > now() - $1 * interval '1 second' group by 1
     ) binned on true
     group by latest.worker_id, latest.at order by latest.at desc, latest.worker_id`,
    [seconds, intervalSeconds],
  );
  return { intervalSeconds, workers };
}
