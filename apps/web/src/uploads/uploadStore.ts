import { createReadStream, createWriteStream, type ReadStream } from "node:fs";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { QuireError } from "@quire/core";
import { sniffBytes } from "@quire/engine";
import { FileStore } from "@tus/file-store";
import { Upload } from "@tus/server";
import type { TakenIn } from "../intake/intake.ts";
import { judge } from "../intake/sniffed.ts";
import type { Turns } from "../intake/turns.ts";
import { partsOf, type UploadKey, uploadKey } from "./uploadKey.ts";
import { recordEnding, UploadRecords } from "./uploadRecords.ts";

/** Uploads of one owner that may be under way: with files of 50 MB, 2.5 GB on disk at most. */
export const maxUnfinished = 50;
const folderMode = 0o700;
/** A finished upload is copied from here in pieces of a size that the disk likes. */
const readPieceBytes = 256 * 1024;

/** What lies on disk of an upload, for whoever tidies up. */
export interface UploadFound {
  readonly key: UploadKey;
  readonly isComplete: boolean;
  readonly isFinished: boolean;
  /** When it last changed, in milliseconds since 1970. */
  readonly changedAtMs: number;
}

/**
 * Uploads under way, on disk: `OWNER/UPLOAD` has the bytes so far, `OWNER/UPLOAD.json` the rest. When an upload is
 * finished its bytes go, and the record stays for a while, so that a client that lost the answer can ask again.
 *
 * The folder is one process's own: who writes to which upload is known to this process alone.
 */
export class UploadStore extends FileStore {
  readonly #records: UploadRecords;
  readonly #turns: Turns;
  /** By owner. */
  readonly #unfinished = new Map<string, Set<UploadKey>>();

  private constructor(folder: string, records: UploadRecords, turns: Turns) {
    super({ directory: folder, configstore: records });
    this.#records = records;
    this.#turns = turns;
    this.extensions = ["creation", "creation-with-upload", "creation-defer-length", "termination"];
  }

  /** @throws QuireError `storage_unavailable` */
  static async open(folder: string, turns: Turns): Promise<UploadStore> {
    return onDisk(async () => {
      // Before the library would, which makes it open to all, and dies of it when it cannot.
      await mkdir(folder, { recursive: true, mode: folderMode });
      const store = new UploadStore(folder, new UploadRecords(folder), turns);
      for await (const { key, isFinished } of store.found())
        if (!isFinished) store.#unfinishedOf(key).add(key);
      return store;
    });
  }

  /** @throws QuireError `too_many_uploads` */
  override async create(upload: Upload): Promise<Upload> {
    const unfinished = this.#unfinishedOf(upload.id);
    if (unfinished.size >= maxUnfinished) throw tooMany();
    unfinished.add(upload.id);
    try {
      return await onDisk(() => super.create(upload));
    } catch (error) {
      await this.remove(upload.id);
      throw error;
    }
  }

  override async getUpload(key: UploadKey): Promise<Upload> {
    const record = await this.#records.get(key);
    // Its bytes are gone; where it stands is known.
    if (!record?.finished) return super.getUpload(key);
    const { size = 0 } = record;
    return new Upload({ id: key, size, offset: size });
  }

  /**
   * Appends what comes in, and refuses it, with the whole upload, as soon as its first bytes show that it is nothing
   * that is read. What has come in when the line breaks is kept.
   *
   * @throws QuireError `unsupported_format`, `storage_unavailable`
   */
  override async write(content: Readable, key: UploadKey, offset: number): Promise<number> {
    const { size } = await this.getUpload(key);
    // A request without a byte: the last answer was lost, and is asked for again.
    if (offset === size) return offset;
    if (offset >= sniffBytes) return this.#append(content, key, offset);
    const chunks: AsyncIterator<Buffer> = content[Symbol.asyncIterator]();
    const first = await firstBytes(chunks, sniffBytes - offset);
    const reached = offset + first.length;
    if (reached >= sniffBytes || reached === size) {
      const head = await this.#head(key, offset);
      await this.#refuseUnread(key, Buffer.concat([head, first]));
    }
    return this.#append(Readable.from(followedBy(first, chunks), { objectMode: false }), key, offset);
  }

  /** Forgets an upload, finished or not. */
  override async remove(key: UploadKey): Promise<void> {
    await onDisk(async () => {
      await rm(this.#pathOf(key), { force: true });
      await this.#records.delete(key);
    });
    this.#unfinishedOf(key).delete(key);
  }

  /** What became of it; null while it is under way, or where there is no such upload. */
  async finished(key: UploadKey): Promise<TakenIn | null> {
    return (await this.#records.get(key))?.finished ?? null;
  }

  /** Keeps what became of it in place of its bytes; not its name, which is to go when the document does. */
  async markFinished(key: UploadKey, finished: TakenIn): Promise<void> {
    await onDisk(async () => {
      const record = await this.#records.get(key);
      if (record) await this.#records.set(key, { ...record, metadata: undefined, finished });
      await rm(this.#pathOf(key), { force: true });
    });
    this.#unfinishedOf(key).delete(key);
  }

  override read(key: UploadKey): ReadStream {
    return createReadStream(this.#pathOf(key), { highWaterMark: readPieceBytes });
  }

  /** Every upload there is, and what is left of one that a crash broke off. */
  async *found(): AsyncGenerator<UploadFound, void, void> {
    for (const ownerId of await onDisk(() => readdir(this.directory))) {
      const names = await onDisk(() => readdir(join(this.directory, ownerId)).catch(() => []));
      const ids = new Set(names.map((name) => name.split(".", 1)[0] ?? ""));
      for (const id of ids) {
        const key = uploadKey(ownerId, id);
        if (key !== null) yield await this.#look(key);
      }
    }
  }

  /** Removes the halves of records that a crash left. */
  async removeStrayRecords(key: UploadKey): Promise<void> {
    const { ownerId, id } = partsOf(key);
    const folder = join(this.directory, ownerId);
    for (const name of await readdir(folder).catch(() => []))
      if (name.startsWith(`${id}${recordEnding}.`)) await rm(join(folder, name), { force: true });
  }

  async #look(key: UploadKey): Promise<UploadFound> {
    const record = await this.#records.get(key);
    const [bytes, written] = await Promise.all([
      stat(this.#pathOf(key)).catch(() => null),
      stat(this.#records.pathOf(key)).catch(() => null),
    ]);
    return {
      key,
      isComplete: record !== undefined && bytes !== null && bytes.size === record.size,
      isFinished: record?.finished !== undefined,
      changedAtMs: Math.max(bytes?.mtimeMs ?? 0, written?.mtimeMs ?? 0),
    };
  }

  async #append(content: Readable, key: UploadKey, offset: number): Promise<number> {
    // Flushed: what is acknowledged outlives a power cut.
    const file = createWriteStream(this.#pathOf(key), { flags: "r+", start: offset, flush: true });
    try {
      await pipeline(content, (pieces) => this.#turns.of(pieces), file);
    } catch (error) {
      throw isOfDisk(error) ? unavailable(error) : error;
    }
    return offset + file.bytesWritten;
  }

  async #head(key: UploadKey, lengthBytes: number): Promise<Buffer> {
    return onDisk(async () => {
      await using file = await open(this.#pathOf(key));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(lengthBytes), 0, lengthBytes, 0);
      return buffer.subarray(0, bytesRead);
    });
  }

  async #refuseUnread(key: UploadKey, head: Buffer): Promise<void> {
    try {
      judge(head);
    } catch (error) {
      await this.remove(key);
      throw error;
    }
  }

  #pathOf(key: UploadKey): string {
    const { ownerId, id } = partsOf(key);
    return join(this.directory, ownerId, id);
  }

  #unfinishedOf(key: UploadKey): Set<UploadKey> {
    const { ownerId } = partsOf(key);
    const known = this.#unfinished.get(ownerId) ?? new Set();
    this.#unfinished.set(ownerId, known);
    return known;
  }
}

/** As many bytes as are asked for, or a chunk more; fewer where no more come. */
async function firstBytes(chunks: AsyncIterator<Buffer>, lengthBytes: number): Promise<Buffer> {
  const held: Buffer[] = [];
  for (let heldBytes = 0; heldBytes < lengthBytes; ) {
    const next = await chunks.next();
    if (next.done) break;
    held.push(next.value);
    heldBytes += next.value.length;
  }
  return Buffer.concat(held);
}

async function* followedBy(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, void> {
  yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isOfDisk(error) ? unavailable(error) : error;
  }
}

function isOfDisk(error: unknown): boolean {
  const { syscall, path } = (error ?? {}) as { syscall?: unknown; path?: unknown };
  return (
    error instanceof Error &&
    syscall !== undefined &&
    (path !== undefined || /^f?(write|sync|open)/.test(`${syscall}`))
  );
}

function unavailable(cause: unknown): QuireError {
  return new QuireError(
    "storage_unavailable",
    "The folder of uploads could not be used. Check UPLOAD_DIR: that it is there, is open to this user and has room.",
    { cause },
  );
}

function tooMany(): QuireError {
  return new QuireError(
    "too_many_uploads",
    `${maxUnfinished} uploads are under way, the most there may be. Finish or remove some first.`,
  );
}
