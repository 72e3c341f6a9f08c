import { assertDocumentId } from "./documentId.ts";
import type { OwnerCalls } from "./ownerCalls.ts";

/** How long a document will take. */
export interface Standing {
  /** Documents that are read before it while it waits, at most 1,000 of them counted; else null. */
  readonly queuePosition: number | null;
  /** Estimate until its last page is read; null where there is nothing to estimate by, and at its end. */
  readonly secondsLeft: number | null;
}

/** Documents asked about in one statement. */
const askedAtOnce = 500;

/** How these documents of an owner stand; of those that are none of the owner's, or at their end, nothing is known. */
export async function standingOf(calls: OwnerCalls, ids: readonly string[]): Promise<Map<string, Standing>> {
  const unknown: Standing = { queuePosition: null, secondsLeft: null };
  const standings = new Map(ids.map((id) => [assertDocumentId(id), unknown]));
  for (let start = 0; start < ids.length; start += askedAtOnce) {
    const rows = await calls.standing(ids.slice(start, start + askedAtOnce));
    for (const { id, queuePosition, secondsLeft } of rows) standings.set(id, { queuePosition, secondsLeft });
  }
  return standings;
}
