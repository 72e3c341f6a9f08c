import { type Limits, QuireError } from "@quire/core";
import { checkFileSize, sniffBytes } from "@quire/engine";
import { addStored, type FileStore, type OwnedDocuments, originalKey, type StoredFile } from "@quire/store";
import pLimit from "p-limit";
import type { Details } from "./details.ts";
import { judge, sniffed } from "./sniffed.ts";
import type { Turns } from "./turns.ts";

/**
 * Documents that are added at once. Those of one owner wait for each other in the database, each with a connection; the
 * others are for who only wants to look (WEB_POOL_SIZE is 5).
 */
const maxAdding = 2;

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
  readonly turns: Turns;
}

/** The way in for documents: first their file, as a stream, then themselves. */
export class Intake {
  readonly #documentsOf: IntakeOptions["documentsOf"];
  readonly #files: FileStore;
  readonly #limits: Limits;
  readonly #turns: Turns;
  readonly #adding = pLimit(maxAdding);

  constructor({ documentsOf, files, limits, turns }: IntakeOptions) {
    this.#documentsOf = documentsOf;
    this.#files = files;
    this.#limits = limits;
    this.#turns = turns;
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
    const limits = { maxBytes: this.#limits.maxFileBytes, ...(signal && { signal }) };
    return this.#files.put(keyOf(of), sniffed(this.#turns.of(content)), limits);
  }

  /**
   * Adds the document whose file is stored. A file that nobody will read is removed.
   *
   * @throws QuireError `owner_queue_full`, `queue_full`, `invalid_document`, `database_unavailable`
   */
  async add(of: NewId, stored: StoredFile, { filename, options, force }: Details): Promise<TakenIn> {
    const { ownerId, id } = of;
    const document = { id, ownerId, filename, storageKey: keyOf(of), ...stored, options, force };
    const added = await this.#adding(() => addStored(this.#documentsOf(ownerId), this.#files, document));
    return { documentId: added.id, isNew: added.created };
  }

  /**
   * Adds the document whose file somebody else has placed in the store, as browsers do at Supabase. Its content is not
   * read but for its first bytes: its hash is found by whoever reads it. What will not do is removed; what may be added
   * later stays.
   *
   * @throws QuireError `file_missing`, `file_too_large`, `empty_file`, `unsupported_format`, `storage_unavailable`, and
   *   what `add` throws
   */
  async addPlaced(of: NewId, { filename, options, force }: Details): Promise<TakenIn> {
    await this.assertRoom(of.ownerId);
    const key = keyOf(of);
    try {
      const sizeBytes = await this.#files.size(key);
      checkFileSize(sizeBytes, this.#limits);
      judge(await this.#head(key));
      const document = { id: of.id, filename, storageKey: key, sizeBytes, sha256: null, options, force };
      const added = await this.#documentsOf(of.ownerId).add(document);
      return { documentId: added.id, isNew: added.created };
    } catch (error) {
      if (error instanceof QuireError && !error.retryable) await this.#files.delete(key);
      throw error;
    }
  }

  async #head(key: string): Promise<Buffer> {
    const head = await this.#files.open(key, { start: 0, end: sniffBytes - 1 });
    return Buffer.concat(await head.toArray());
  }

  /** Removes the file of a document that has not been added. */
  async discard(of: NewId): Promise<void> {
    await this.#files.delete(keyOf(of));
  }
}

function keyOf({ ownerId, id }: NewId): string {
  return originalKey(ownerId, id);
}
