import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { localOwnerId } from "@quire/core";
import { Database, type DiskFileStore, originalKey } from "@quire/store";

/** Claimed and settled about as often as letters are: a claim for five pages. */
const pagesEach = 5;
/** So long that not this machine is measured. */
const pageMs = 250;
const owners = 1_000;
/** In one statement, well within the time it may take. */
const documentsAtOnce = 5_000;

/** What a worker with one OCR thread reads at most. */
export const pagesPerSecondAtMost = 1000 / pageMs;

/**
 * Adds so many fake documents of a thousand owners, all of one file: what enqueueing them one by one comes to, without
 * counting for each what waits already.
 */
export async function addWaiting(url: string, files: DiskFileStore, count: number): Promise<void> {
  const database = new Database(url, { poolSize: 1 });
  const storageKey = originalKey(localOwnerId, randomUUID());
  const content = Buffer.from(JSON.stringify({ pages: pagesEach, pageMs, oneAtATime: true }));
  const { sizeBytes } = await files.put(storageKey, Readable.from([content]));
  try {
    for (let first = 0; first < count; first += documentsAtOnce) {
      await database.transaction(async (session) => {
        // The triggers are off for this transaction alone.
        await session.query("set local session_replication_role = replica");
        await session.query(
          `with added as (
             insert into public.documents (
               id, owner_id, filename, storage_key, size_bytes, options, status, queue_rank, job_id, queued_at
             )
             select gen_random_uuid(), md5((n % $5)::text)::uuid, 'fake.json', $3, $4, quire.complete_options('{}'),
               'queued', n / $5, gen_random_uuid(), now()
             from generate_series($1::int, $2::int - 1) n
             returning *
           )
           select quire.put_job(d.job_id, d.id, d.lane, -d.queue_rank, 0) from added d`,
          [first, Math.min(first + documentsAtOnce, count), storageKey, sizeBytes, owners],
        );
      });
    }
    for (const table of ["public.documents", "pgboss.job_common"])
      await database.query(`vacuum analyze ${table}`);
  } finally {
    await database.close();
  }
}
