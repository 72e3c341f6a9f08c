import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KvStore, Upload } from "@tus/server";
import type { TakenIn } from "../intake/intake.ts";
import { partsOf, type UploadKey } from "./uploadKey.ts";

/** What is known of an upload beside its bytes; once it is finished also what became of it. */
export type UploadRecord = Omit<Upload, "sizeIsDeferred"> & { readonly finished?: TakenIn };

export const recordEnding = ".json";

/** The records of uploads, each a file beside the upload's bytes, replaced whole. */
export class UploadRecords implements KvStore<Upload> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(key: UploadKey): string {
    const { ownerId, id } = partsOf(key);
    return join(this.#folder, ownerId, id + recordEnding);
  }

  /** One that cannot be read is as good as none: it was being written when the machine lost power. */
  async get(key: UploadKey): Promise<(Upload & UploadRecord) | undefined> {
    try {
      return JSON.parse(await readFile(this.pathOf(key), "utf8")) as Upload & UploadRecord;
    } catch {
      return undefined;
    }
  }

  async set(key: UploadKey, record: UploadRecord): Promise<void> {
    const path = this.pathOf(key);
    const written = `${path}.${randomUUID()}`;
    await writeFile(written, JSON.stringify(record), { flush: true });
    await rename(written, path);
  }

  async delete(key: UploadKey): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }
}
