import type { Database } from "../database.ts";
import type { DiskFileStore } from "./diskFileStore.ts";

/** A live upload is never silent that long, and a file is stored right before its document is added. */
const leftAfterMs = 24 * 60 * 60 * 1000;
const keysAtATime = 500;

/**
 * Removes what the store holds for nobody: halves of uploads, and files whose document was never added or is gone.
 *
 * @returns how many files
 * @throws QuireError `storage_unavailable` if the folder is another installation's
 */
export async function sweepFiles(files: DiskFileStore, database: Database): Promise<number> {
  await files.assertOurs();
  let removed = await files.removeStaleUploads(leftAfterMs);
  let keys: string[] = [];
  const sweep = async () => {
    // A document's files lie below its id: `owner/document/…`.
    const orphans = await database.query<{ key: string }>(
      `select key from unnest($1::text[]) key where not exists (
         select from public.documents d where d.id = case
           when split_part(key, '/', 2) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then split_part(key, '/', 2)::uuid
         end
       ) and not exists (select from public.documents d where d.storage_key = key)`,
      [keys],
    );
    for (const { key } of orphans) await files.delete(key);
    removed += orphans.length;
    keys = [];
  };
  for await (const key of files.keysOlderThan(leftAfterMs)) {
    keys.push(key);
    if (keys.length === keysAtATime) await sweep();
  }
  await sweep();
  return removed;
}
