import { resolve } from "node:path";
import { DocumentLinks } from "../confinement/documentLinks.ts";
import { type Isolation, isolationOf } from "../confinement/isolation.ts";

export interface DocumentAccessOptions {
  /** Whether the engine process is confined to its code and the open documents. */
  readonly confined: boolean;
  /** The folder to be made for the links to them; null: one in the temporary folder. */
  readonly linksFolder: string | null;
  readonly tempDir: string | null;
}

/** What the engine process can reach: the documents that are linked to in a folder, and what the kernel leaves to it. */
export class DocumentAccess {
  readonly #options: DocumentAccessOptions;
  /** Null until the first document, or if the process is not confined. */
  #links: DocumentLinks | null = null;
  /** Unknown before the first start. */
  #isolationOnce: Isolation | null = null;
  #closed = false;

  constructor(options: DocumentAccessOptions) {
    this.#options = options;
  }

  /** The folder with the links; null while there is none. */
  get folder(): string | null {
    return this.#links?.folder ?? null;
  }

  /** What the kernel keeps from the engine process here. */
  get isolation(): Isolation {
    const { confined, linksFolder } = this.#options;
    // Documents in a folder that we were told of are copies of our own.
    this.#isolationOnce ??= confined ? isolationOf(linksFolder !== null) : "none";
    return this.#isolationOnce;
  }

  /** A process did not start, perhaps because of the isolation. No document is opened before one has started. */
  giveUpIsolation(): void {
    this.#isolationOnce = "none";
  }

  /** @returns the path under which the process may read the document @throws QuireError `temp_dir_unavailable` */
  async add(id: number, path: string): Promise<string> {
    const { confined, linksFolder, tempDir } = this.#options;
    if (!confined || this.#closed) return resolve(path);
    this.#links ??= DocumentLinks.create(linksFolder, tempDir);
    return this.#links.add(id, path);
  }

  remove(id: number): void {
    this.#links?.remove(id);
  }

  close(): void {
    this.#closed = true;
    this.#links?.close();
  }
}
