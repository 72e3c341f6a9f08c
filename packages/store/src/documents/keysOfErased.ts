import { previewKey } from "../files/previewKey.ts";
import type { ErasedFiles } from "./ownerCalls.ts";

/** The keys of the files of a document that is erased now. */
export function keysOfErased(ownerId: string, documentId: string, erased: ErasedFiles | null): string[] {
  if (!erased) return [];
  const previews = erased.previews.map((preview) => previewKey({ ownerId, documentId, ...preview }));
  return erased.storage_key === null ? previews : [erased.storage_key, ...previews];
}
