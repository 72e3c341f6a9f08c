import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { modelFolders } from "../recognise/models.ts";
import { packageFolders } from "./packageFolders.ts";

/** Where the engine process runs: in a thread, Node lets the working folder be read whatever is permitted. */
export const enginePackage = dirname(fileURLToPath(new URL("../../package.json", import.meta.url)));

/**
 * What Node is started with so that the engine's JavaScript can do little harm: it reads its code, the models and the
 * documents that are linked to in a folder, and writes nothing, starts no process, debugs nothing. Libraries in machine
 * code are not bound by it, nor are connections; docs/security.md says what is left.
 *
 * @param documents the folder with links to the open documents
 */
export function permissions(documents: string, tessdataDir: string | null): string[] {
  const readable = [...packageFolders(enginePackage), ...modelFolders(tessdataDir), documents];
  return [
    "--permission",
    // libvips and the canvas that pdf.js draws on; and the OCR threads: see `child/confineThreads.ts`.
    "--allow-addons",
    "--allow-worker",
    ...readable.map((folder) => `--allow-fs-read=${join(folder, "/")}`),
    // It would read and write files past the permission model.
    "--no-experimental-sqlite",
  ];
}
