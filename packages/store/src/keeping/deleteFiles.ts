import { QuireError } from "@quire/core";
import type { Session } from "../database.ts";
import type { FileStore } from "../files/fileStore.ts";

/** Taken in one statement: a store that deletes ten a second is through with them long before they are due again. */
const filesAtATime = 100;

/**
 * Deletes files of which the database knows that nobody is to have them. What cannot be deleted is due again later.
 *
 * @throws QuireError `storage_unavailable`, `database_unavailable`
 */
export async function deleteFiles(
  database: Pick<Session, "query">,
  files: Pick<FileStore, "delete">,
  keys: readonly string[],
): Promise<void> {
  const deleted: string[] = [];
  try {
    for (const key of keys) {
      await files.delete(key);
      deleted.push(key);
    }
  } finally {
    if (deleted.length > 0) await database.query("select quire.files_deleted($1)", [deleted]);
  }
}

/**
 * Deletes the files that are due: those of erased documents, and pictures of pages that are gone. One that cannot be
 * deleted is tried again after a minute, two, four …, six hours at last, and keeps no other from it.
 *
 * @param mostFiles ends it after so many, for others to get their turn
 * @returns how many are deleted
 * @throws QuireError `database_unavailable`
 */
export async function deleteDueFiles(
  database: Pick<Session, "query">,
  files: Pick<FileStore, "delete">,
  mostFiles = Number.POSITIVE_INFINITY,
): Promise<number> {
  let count = 0;
  for (;;) {
    const due = await database.query<{ key: string }>("select key from quire.take_files_to_delete($1) key", [
      Math.min(filesAtATime, mostFiles - count),
    ]);
    for (const { key } of due) if (await isDeleted(database, files, key)) count++;
    if (due.length < filesAtATime || count >= mostFiles) return count;
  }
}

async function isDeleted(
  database: Pick<Session, "query">,
  files: Pick<FileStore, "delete">,
  key: string,
): Promise<boolean> {
  try {
    await deleteFiles(database, files, [key]);
    return true;
  } catch (error) {
    if (error instanceof QuireError && error.code === "database_unavailable") throw error;
    return false;
  }
}
