import type { Session } from "../database.ts";
import type { FileStore, StoredFile } from "../files/fileStore.ts";
import { type OutputOf, outputKey } from "../files/outputKey.ts";
import { deleteFiles } from "../keeping/deleteFiles.ts";

type Statements = Pick<Session, "query">;

/**
 * Has the file of an output deleted once so many seconds have passed, unless it is kept by then. To be awaited before
 * anything is stored.
 *
 * @returns false if there is no such document any more
 */
export async function beginOutput(
  database: Statements,
  of: OutputOf,
  withinSeconds: number,
): Promise<boolean> {
  const [row] = await database.query<{ begun: boolean }>(
    "select quire.begin_output($1, $2, $3, $4, $5) as begun",
    [of.documentId, of.run, of.claim, of.format, withinSeconds],
  );
  return row?.begun ?? false;
}

/**
 * Has a stored output kept.
 *
 * @param pages how many it was made of
 * @returns false if the document has changed or gone since {@link beginOutput}, or the time was up
 */
export async function keepOutput(
  database: Statements,
  of: OutputOf,
  pages: number,
  { sizeBytes, sha256 }: StoredFile,
): Promise<boolean> {
  const [row] = await database.query<{ kept: boolean }>(
    "select quire.keep_output($1, $2, $3, $4, $5, $6, $7) as kept",
    [of.documentId, of.run, of.claim, of.format, pages, sizeBytes, sha256],
  );
  return row?.kept ?? false;
}

/**
 * Deletes what was stored of an output that is not kept, unless another process has kept it.
 *
 * @throws QuireError `database_unavailable`, `storage_unavailable`; then a worker deletes it later
 */
export async function abandonOutput(
  database: Statements,
  files: Pick<FileStore, "delete">,
  of: OutputOf,
): Promise<void> {
  const key = outputKey(of);
  const kept = await database.query("select from public.outputs o where o.storage_key = $1", [key]);
  if (kept.length === 0) await deleteFiles(database, files, [key]);
}

/** Takes an output whose file is gone for one that was never made. */
export async function forgetOutput(database: Statements, of: OutputOf): Promise<void> {
  await database.query("delete from public.outputs o where o.storage_key = $1", [outputKey(of)]);
}
