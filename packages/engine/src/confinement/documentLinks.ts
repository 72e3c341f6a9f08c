import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { QuireError } from "@quire/core";

/**
 * A folder with a link to each open document: beside its code, all that the engine process may read. Documents come and
 * go while what a process may read is settled when it starts; and Node's permission model goes by the name that is
 * asked for, and follows links (Node.js, permissions.md). Nothing is copied, and a document may lie on another disk, or
 * where nothing can be written.
 */
export class DocumentLinks {
  readonly folder: string;
  readonly #removeWithProcess = () => this.close();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @param folder to be made, of this engine alone; null: one in the temporary folder, removed with the process
   * @throws QuireError `temp_dir_unavailable`
   */
  static create(folder: string | null, tempDir: string | null): DocumentLinks {
    try {
      const made = folder ?? mkdtempSync(join(tempDir ?? tmpdir(), "quire-documents-"));
      mkdirSync(made, { recursive: true, mode: 0o700 });
      const links = new DocumentLinks(made);
      process.on("exit", links.#removeWithProcess);
      return links;
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /** Lets the engine read a document. @returns the path to give it @throws QuireError `temp_dir_unavailable` */
  async add(id: number, path: string): Promise<string> {
    const link = this.#linkOf(id);
    try {
      // A cleaner of temporary folders may have come.
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await symlink(resolve(path), link);
    } catch (cause) {
      throw unavailable(cause);
    }
    return link;
  }

  /** The engine may read it no longer. */
  remove(id: number): void {
    // One that stays leads to a document that the engine has read already.
    rm(this.#linkOf(id), { force: true }).catch(() => {});
  }

  close(): void {
    process.off("exit", this.#removeWithProcess);
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // Links that lead nowhere, in a temporary folder.
    }
  }

  #linkOf(id: number): string {
    return join(this.folder, `${id}`);
  }
}

function unavailable(cause: unknown): QuireError {
  return new QuireError(
    "temp_dir_unavailable",
    "The temporary folder cannot be written. Check TEMP_DIR: that it exists, may be written to and has room.",
    { cause },
  );
}
