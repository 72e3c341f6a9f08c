import { join } from "node:path";
import { packageFolders } from "./packageFolders.ts";

/** What a confined process may read, and whether it may have threads. */
export interface Permitted {
  /** Folder of its package: its code, and that of all that the package depends on, may be read. */
  readonly package: string;
  readonly folders: readonly string[];
  /** Who permits them has to see to it that no other than one's own is started: see `child/confineThreads.ts`. */
  readonly threads: boolean;
}

/**
 * What Node is started with so that the JavaScript of a process can do little harm: it reads its code and some
 * folders, and writes nothing, starts no process, debugs nothing. Libraries in machine code are not bound by it, nor
 * are connections; docs/security.md says what is left.
 */
export function permissions({ package: own, folders, threads }: Permitted): string[] {
  const readable = [...packageFolders(own), ...folders];
  return [
    "--permission",
    // libvips, and the canvas that pdf.js draws on.
    "--allow-addons",
    ...(threads ? ["--allow-worker"] : []),
    ...readable.map((folder) => `--allow-fs-read=${join(folder, "/")}`),
    // It would read and write files past the permission model.
    "--no-experimental-sqlite",
  ];
}
