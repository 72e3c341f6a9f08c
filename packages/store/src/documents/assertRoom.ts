import { QuireError } from "@quire/core";
import type { Database } from "../database.ts";

/**
 * Whether a document of this owner's could be queued now: to say so before it is uploaded. What holds is what
 * `quire.enqueue` says when it is.
 *
 * @throws QuireError `owner_queue_full`, `queue_full`
 */
export async function assertRoom(database: Database, ownerId: string): Promise<void> {
  const [row] = await database.query<{ of_owner: boolean; in_all: boolean }>(
    `select
       (select count(*) from (
         select from public.documents d where d.owner_id = $1 and d.status = 'queued' limit l.max_queued_per_owner
       ) w) >= l.max_queued_per_owner as of_owner,
       (select count(*) from (
         select from public.documents d where d.status = 'queued' limit l.max_queued
       ) w) >= l.max_queued as in_all
     from quire.limits l`,
    [ownerId],
  );
  if (row?.of_owner) {
    throw new QuireError(
      "owner_queue_full",
      "As many documents of this owner are waiting as there may be. Wait until some are read.",
    );
  }
  if (row?.in_all) {
    throw new QuireError(
      "queue_full",
      "As many documents are waiting as there may be. Wait until some are read, or start more workers.",
    );
  }
}
