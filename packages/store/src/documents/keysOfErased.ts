import { outputKey } from "../files/outputKey.ts";
import { previewKey } from "../files/previewKey.ts";
import type { ErasedFiles } from "./ownerCalls.ts";

/** The keys of the files of a document that is erased now. */
export function keysOfErased(ownerId: string, documentId: string, erased: ErasedFiles | null): string[] {
  if (!erased) return [];
  const keys = [
    ...erased.previews.map((preview) => previewKey({ ownerId, documentId, ...preview })),
    ...erased.outputs.map((output) => outputKey({ ownerId, documentId, ...output })),
  ];
  return erased.storage_key === null ? keys : [erased.storage_key, ...keys];
}
