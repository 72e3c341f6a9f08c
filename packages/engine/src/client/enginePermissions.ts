import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { permissions } from "../confinement/permissions.ts";
import type { EngineSettings } from "../protocol.ts";
import { modelFolders } from "../tesseract/models.ts";

/** Where the engine process runs: in a thread, Node lets the working folder be read whatever is permitted. */
export const enginePackage = dirname(fileURLToPath(new URL("../../package.json", import.meta.url)));

/**
 * What Node is started with so that the engine reads its code, the models and the documents that are linked to in a
 * folder, and nothing else.
 *
 * @param documents the folder with links to the open documents
 */
export function enginePermissions(
  documents: string,
  { tessdataDir, models }: Pick<EngineSettings, "tessdataDir" | "models">,
): string[] {
  return permissions({
    package: enginePackage,
    folders: [...modelFolders(tessdataDir), ...(models ? [models.folder] : []), documents],
    // The OCR threads: see `child/confineThreads.ts`.
    threads: true,
  });
}
