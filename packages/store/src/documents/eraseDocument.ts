import type { Database } from "../database.ts";
import { type PreviewOf, previewKey } from "../files/previewKey.ts";

interface ErasedRow {
  readonly storage_key: string | null;
  readonly previews: Pick<PreviewOf, "run" | "claim" | "pageNumber">[];
}

/**
 * Erases a document with all that was read of it; that it was there is still known. Erasing it again is no error.
 *
 * @returns the keys of its files, to be deleted now: what is left of them {@link sweepFiles} removes
 * @throws QuireError `document_not_found`
 */
export async function eraseDocument(database: Database, ownerId: string, id: string): Promise<string[]> {
  const [row] = await database.query<ErasedRow>("select * from quire.erase_document($1, $2)", [ownerId, id]);
  if (!row) return [];
  const documentId = id.toLowerCase();
  const previews = row.previews.map((preview) => previewKey({ ownerId, documentId, ...preview }));
  return row.storage_key === null ? previews : [row.storage_key, ...previews];
}
