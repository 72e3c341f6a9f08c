import { QuireError } from "@quire/core";
import { AuditLog } from "../audit/auditLog.ts";
import type { Database, Statements } from "../database.ts";
import { assertDocumentId, documentNotFound } from "../documents/documentId.ts";
import type { FileStore } from "../files/fileStore.ts";
import { deleteFiles } from "./deleteFiles.ts";
import type { Erased } from "./proveErased.ts";
import { allKeys, namesOneOf, type StoredKeys } from "./storedKeys.ts";

/** Of 200 pages each at most: deleted well within the time that a statement may take. */
const documentsAtATime = 20;

/**
 * Erases all documents of an owner, and that they were this owner's. What the owner adds meanwhile goes too; what they
 * add afterwards does not.
 *
 * @throws QuireError `database_unavailable`
 */
export async function eraseOwner(database: Database, ownerId: string): Promise<Erased> {
  // Those of an erasure that was broken off: their files may be there yet.
  const traces = await database.query<{ id: string }>(
    "select document_id as id from public.erased_documents where owner_id = $1",
    [ownerId],
  );
  const documentIds = traces.map(({ id }) => id);
  for (;;) {
    const erased = await database.query<{ id: string }>("select id from quire.erase_owned($1, $2) id", [
      ownerId,
      documentsAtATime,
    ]);
    documentIds.push(...erased.map(({ id }) => id));
    if (erased.length === 0) break;
  }
  await database.query("select quire.forget_owner($1)", [ownerId]);
  await new AuditLog(database).note(
    "owner_erased",
    { ownerId, documentId: null },
    { documents: documentIds.length },
  );
  return { ownerId, documentIds };
}

/**
 * Erases documents, whoever's they are. One that is erased already is no error.
 *
 * @throws QuireError `document_not_found`, before anything is erased
 */
export async function eraseDocuments(database: Database, ids: readonly string[]): Promise<Erased> {
  const documentIds = ids.map((id) => assertDocumentId(id).toLowerCase());
  const known = await database.query<{ id: string; ownerId: string | null }>(
    `select d.id, d.owner_id as "ownerId" from public.documents d where d.id = any($1)
     union all select e.document_id, null from public.erased_documents e where e.document_id = any($1)`,
    [documentIds],
  );
  if (new Set(known.map(({ id }) => id)).size < new Set(documentIds).size) throw documentNotFound();
  for (const { id, ownerId } of known) if (ownerId !== null) await eraseDocument(database, ownerId, id);
  return { ownerId: null, documentIds };
}

async function eraseDocument(database: Database, ownerId: string, id: string): Promise<void> {
  await database.transaction(async (session) => {
    await session.query("select set_config('quire.why', 'erasure', true)");
    await session.query("select quire.erase_document($1, $2)", [ownerId, id]);
  });
}

/**
 * Deletes whatever the file store has of them: also what no row told of, such as pictures that a worker stored for pages
 * it then did not save.
 *
 * @returns how many files
 * @throws QuireError `storage_unavailable`, once all that can be deleted is
 */
export async function deleteFilesOf(
  database: Database,
  files: StoredKeys & Pick<FileStore, "delete">,
  { ownerId, documentIds }: Erased,
): Promise<number> {
  const ids = new Set(ownerId === null ? documentIds : [ownerId, ...documentIds]);
  let deleted = 0;
  let failure: QuireError | null = null;
  for await (const key of allKeys(files)) {
    if (!namesOneOf(key, ids)) continue;
    try {
      await deleteFiles(database, files, [key]);
      deleted++;
    } catch (error) {
      if (!(error instanceof QuireError) || error.code === "database_unavailable") throw error;
      failure = error;
    }
  }
  if (failure) throw failure;
  // What was deleted before, or was never there, needs no deleting any more; what may yet come has its time.
  await database.query(
    `delete from quire.files_to_delete f
     where (split_part(f.key, '/', 1) = $1 or split_part(f.key, '/', 2) = any($2))
       and (f.attempts > 0 or f.due_at <= now())`,
    [ownerId, documentIds],
  );
  return deleted;
}

/** When an owner was last erased wholly; null: never. */
export async function ownerErasedAt(database: Statements, ownerId: string): Promise<Date | null> {
  const [row] = await database.query<{ at: Date | null }>("select quire.owner_erased_at($1) as at", [
    ownerId,
  ]);
  return row?.at ?? null;
}
