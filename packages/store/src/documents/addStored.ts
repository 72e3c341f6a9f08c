import { QuireError } from "@quire/core";
import type { FileStore } from "../files/fileStore.ts";
import type { Documents, NewDocument } from "./documents.ts";

/**
 * Adds a document whose file is stored, as {@link Documents.add} does. A file that nobody will read is removed: the same
 * content is there already, or the document is refused.
 */
export async function addStored(
  documents: Pick<Documents, "add">,
  files: FileStore,
  document: NewDocument,
): Promise<{ id: string; created: boolean }> {
  try {
    const added = await documents.add(document);
    if (!added.created) await files.delete(document.storageKey);
    return added;
  } catch (error) {
    // Refused for certain. Anything else may have gone through.
    if (error instanceof QuireError && error.code !== "database_unavailable")
      await files.delete(document.storageKey);
    throw error;
  }
}
