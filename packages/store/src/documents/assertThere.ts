import type { Statements } from "../database.ts";
import { assertDocumentId, documentErased, documentNotFound } from "./documentId.ts";

/** @throws QuireError `document_not_found`, or `document_erased` if it was this owner's */
export async function assertThere(database: Statements, ownerId: string, id: string): Promise<void> {
  const rows = await database.query("select from public.documents d where d.id = $1 and d.owner_id = $2", [
    assertDocumentId(id),
    ownerId,
  ]);
  if (rows.length === 0) await refuseMissing(database, ownerId, id);
}

/** @throws QuireError why a document that was not found is not there */
export async function refuseMissing(database: Statements, ownerId: string, id: string): Promise<never> {
  const erased = await database.query(
    "select from public.erased_documents e where e.document_id = $1 and e.owner_id = $2",
    [id, ownerId],
  );
  throw erased.length > 0 ? documentErased() : documentNotFound();
}
