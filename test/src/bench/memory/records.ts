import type { Database } from "@quire/store";
import { type RecyclePause, recyclePause } from "./pauses.ts";

export interface EngineEnd {
  readonly at: Date;
  readonly event: "engine_recycled" | "engine_died";
  readonly reason: string | null;
}

/** What the database tells of a run. */
export interface Records {
  readonly documents: number;
  /** Documents by their status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly pages: number;
  readonly failedPages: number;
  /** Claims beyond one a document, without those that only moved it to the lane of its page count. */
  readonly claimsAboveFirst: number;
  readonly failures: number;
  readonly stalls: number;
  readonly engineEnds: readonly EngineEnd[];
  readonly pause: RecyclePause | null;
}

export async function readRecords(database: Database): Promise<Records> {
  const [counts] = await database.query<Omit<Records, "statuses" | "engineEnds" | "pause">>(
    `select count(*)::int as documents, coalesce(sum(pages_done), 0)::int as pages,
       coalesce(sum(pages_failed), 0)::int as "failedPages",
       coalesce(sum(claim - 1 - (lane <> size_category)::int), 0)::int as "claimsAboveFirst",
       coalesce(sum(failures), 0)::int as failures, coalesce(sum(stalls), 0)::int as stalls
     from public.documents where claim > 0`,
  );
  const statuses = await database.query<{ status: string; count: number }>(
    "select status, count(*)::int from public.documents group by status order by status",
  );
  const engineEnds = await database.query<EngineEnd>(
    `select at, event, reason from public.worker_events
     where event in ('engine_recycled', 'engine_died') order by at`,
  );
  const saved = await database.query<{ times: Date[] }>(
    "select array_agg(created_at order by created_at) as times from public.pages group by document_id, run",
  );
  return {
    documents: counts?.documents ?? 0,
    pages: counts?.pages ?? 0,
    failedPages: counts?.failedPages ?? 0,
    claimsAboveFirst: counts?.claimsAboveFirst ?? 0,
    failures: counts?.failures ?? 0,
    stalls: counts?.stalls ?? 0,
    statuses: Object.fromEntries(statuses.map(({ status, count }) => [status, count])),
    engineEnds,
    pause: recyclePause(
      saved.map(({ times }) => times),
      engineEnds.map(({ at }) => at),
    ),
  };
}

/** How many engines ended in one way, by reason. */
export function endsByReason(
  { engineEnds }: Pick<Records, "engineEnds">,
  event: EngineEnd["event"],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const end of engineEnds) {
    if (end.event !== event) continue;
    const reason = end.reason ?? "unknown";
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}
