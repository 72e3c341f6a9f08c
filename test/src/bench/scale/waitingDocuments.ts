import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { localOwnerId } from "@quire/core";
import { type Database, type DiskFileStore, originalKey } from "@quire/store";

/** Claimed and settled about as often as a letter is: a claim for five pages. */
const pagesEach = 5;
/** The page of the bar: so that not this machine is measured. */
const pageMs = 250;
const owners = 1_000;

/** What a worker with one OCR thread reads at most: one page in it and one that is rendered ahead. */
export const pagesPerSecondAtMost = 2 / (pageMs / 1000);

/**
 * Adds so many fake documents of a thousand owners, all of one file: what enqueueing them one by one comes to, without
 * counting for each what waits already.
 */
export async function addWaiting(database: Database, files: DiskFileStore, count: number): Promise<void> {
  const storageKey = originalKey(localOwnerId, randomUUID());
  const content = Buffer.from(JSON.stringify({ pages: pagesEach, pageMs }));
  const { sizeBytes } = await files.put(storageKey, Readable.from([content]));
  await database.transaction(async (session) => {
    // Only in this transaction's own session are triggers off; nobody else waits for a lock of the table.
    await session.query("set local session_replication_role = replica");
    await session.query("set local statement_timeout = 0");
    await session.query(
      "create temporary table owner_of on commit drop as select n, gen_random_uuid() as id from generate_series(0, $1 - 1) n",
      [owners],
    );
    await session.query(
      `with added as (
         insert into public.documents (
           id, owner_id, filename, storage_key, size_bytes, options, status, queue_rank, job_id, queued_at
         )
         select gen_random_uuid(), o.id, 'fake.json', $2, $3, quire.complete_options('{}'), 'queued', i / $4, gen_random_uuid(), now()
         from generate_series(0, $1 - 1) i join owner_of o on o.n = i % $4
         returning *
       )
       select quire.put_job(d.job_id, d.id, d.lane, -d.queue_rank, 0) from added d`,
      [count, storageKey, sizeBytes, owners],
    );
  });
  await database.query("vacuum analyze");
}
