import { type Limits, QuireError } from "@quire/core";
import { addStored, type FileStore, type OwnedDocuments, originalKey, type StoredFile } from "@quire/store";
import type { Details } from "./details.ts";
import { sniffed } from "./sniffed.ts";

/** Whose document it is to be, and its id. */
export interface NewId {
  readonly ownerId: string;
  readonly id: string;
}

/** What became of it: the same content may have been there already, under another id. */
export interface TakenIn {
  readonly documentId: string;
  readonly isNew: boolean;
}

export interface IntakeOptions {
  readonly documentsOf: (ownerId: string) => OwnedDocuments;
  readonly files: FileStore;
  readonly limits: Limits;
}

/** The way in for documents: first their file, as a stream, then themselves. */
export class Intake {
  readonly #documentsOf: IntakeOptions["documentsOf"];
  readonly #files: FileStore;
  readonly #maxBytes: number;

  constructor({ documentsOf, files, limits }: IntakeOptions) {
    this.#documentsOf = documentsOf;
    this.#files = files;
    this.#maxBytes = limits.maxFileBytes;
  }

  /** Whether there is room in the queue: to say so beforehand. @throws QuireError `owner_queue_full`, `queue_full` */
  async assertRoom(ownerId: string): Promise<void> {
    await this.#documentsOf(ownerId).assertRoom();
  }

  /** Whether it has been added already. @throws QuireError `document_erased` */
  async isThere({ ownerId, id }: NewId): Promise<boolean> {
    try {
      await this.#documentsOf(ownerId).get(id);
      return true;
    } catch (error) {
      if (error instanceof QuireError && error.code === "document_not_found") return false;
      throw error;
    }
  }

  /**
   * Stores what comes in, whole or not at all.
   *
   * @throws QuireError `unsupported_format`, `empty_file`, `file_too_large`, `storage_unavailable`; the signal's reason
   */
  async store(of: NewId, content: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<StoredFile> {
    const limits = { maxBytes: this.#maxBytes, ...(signal && { signal }) };
    return this.#files.put(keyOf(of), sniffed(content), limits);
  }

  /**
   * Adds the document whose file is stored. A file that nobody will read is removed.
   *
   * @throws QuireError `owner_queue_full`, `queue_full`, `invalid_document`, `database_unavailable`
   */
  async add(of: NewId, stored: StoredFile, { filename, options, force }: Details): Promise<TakenIn> {
    const { ownerId, id } = of;
    const document = { id, ownerId, filename, storageKey: keyOf(of), ...stored, options, force };
    const added = await addStored(this.#documentsOf(ownerId), this.#files, document);
    return { documentId: added.id, isNew: added.created };
  }

  /** Removes the file of a document that has not been added. */
  async discard(of: NewId): Promise<void> {
    await this.#files.delete(keyOf(of));
  }
}

function keyOf({ ownerId, id }: NewId): string {
  return originalKey(ownerId, id);
}
