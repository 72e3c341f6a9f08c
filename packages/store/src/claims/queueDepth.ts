import { type Lane, lanes } from "@quire/core";
import type { Database } from "../database.ts";

export interface LaneDepth {
  readonly waiting: number;
  /** For how many seconds the oldest has waited; null where none waits. */
  readonly oldestAgeSeconds: number | null;
}

/** What waits in each lane. */
export async function queueDepth(database: Database): Promise<Record<Lane, LaneDepth>> {
  const rows = await database.query<LaneDepth & { lane: Lane }>(
    `select lane, count(*)::int as waiting,
       extract(epoch from now() - min(queued_at))::float8 as "oldestAgeSeconds"
     from public.documents where status = 'queued' group by lane`,
  );
  const of = (lane: Lane) => rows.find((row) => row.lane === lane) ?? { waiting: 0, oldestAgeSeconds: null };
  const depths = lanes.map((lane) => {
    const { waiting, oldestAgeSeconds } = of(lane);
    return [lane, { waiting, oldestAgeSeconds }];
  });
  return Object.fromEntries(depths);
}
