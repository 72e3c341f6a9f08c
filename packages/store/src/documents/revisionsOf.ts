import type { Statements } from "../database.ts";

/** Documents asked about in one statement. */
const askedAtOnce = 500;

/** The number of the last change of each of these documents of an owner; of others there is none. */
export async function revisionsOf(
  database: Statements,
  ownerId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const revisions = new Map<string, number>();
  for (let start = 0; start < ids.length; start += askedAtOnce) {
    const rows = await database.query<{ id: string; revision: number }>(
      "select d.id, d.revision from public.documents d where d.owner_id = $1 and d.id = any($2::uuid[])",
      [ownerId, ids.slice(start, start + askedAtOnce)],
    );
    for (const { id, revision } of rows) revisions.set(id, revision);
  }
  return revisions;
}
