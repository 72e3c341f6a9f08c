import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import {
  type FileHandle,
  lstat,
  mkdir,
  opendir,
  open as openHandle,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  unlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { QuireError } from "@quire/core";
import { syncFolder } from "../syncFolder.ts";
import {
  assertKey,
  assertRange,
  type ByteRange,
  fileMissing,
  type PutLimits,
  receive,
  type StoredFile,
} from "./fileStore.ts";
import type { InstallationFiles } from "./installationFiles.ts";

const incomingFolder = ".incoming";
/** Says whose files these are. */
const marker = ".installation";
const folderMode = 0o700;
const fileMode = 0o600;
const readChunkBytes = 256 * 1024;
const wholeFile: ByteRange = { start: 0, end: Number.MAX_SAFE_INTEGER };
/** A put loses its folder only to a delete that falls between two of its calls: this often in a row is a fault. */
const maxPlacings = 100;

/**
 * Files in a folder of a POSIX file system, each under its key, for this user alone. Several processes may share
 * the folder. It guards against links that were left in it, not against someone who swaps them meanwhile: who
 * can do that can read the files anyway.
 */
export class DiskFileStore implements InstallationFiles {
  readonly #root: string;
  readonly #installationId: string | null;

  /**
   * @param rootFolder made at the first put; on one file system, as files are renamed into their place
   * @param installationId whose files these are ({@link Documents.installationId}): then the folder must have been
   *   made for it by {@link create}, so that the empty mount point of a disk that is away is not taken for a store
   *   that lost its files. Without, the folder is taken as it is.
   */
  constructor(rootFolder: string, installationId: string | null = null) {
    this.#root = resolve(rootFolder);
    this.#installationId = installationId;
  }

  /**
   * Makes the folder, for an installation that has stored nothing yet.
   *
   * @throws QuireError `storage_unavailable`, also if it is another installation's
   */
  async create(): Promise<void> {
    try {
      await mkdir(this.#root, { recursive: true, mode: folderMode });
      const path = join(this.#root, marker);
      await writeFile(path, this.#installationId ?? "", { flag: "wx", mode: fileMode }).catch(
        (error: unknown) => {
          if (!hasCode(error, "EEXIST")) throw error;
        },
      );
    } catch (error) {
      refuse(error);
    }
    await this.assertOurs();
  }

  /** @throws QuireError `storage_unavailable` if the folder is not this installation's, or not there */
  async assertOurs(): Promise<void> {
    if (this.#installationId === null) {
      await lstat(this.#root).catch(refuse);
      return;
    }
    const found = await readFile(join(this.#root, marker), "utf8").catch(undefinedIfMissing).catch(refuse);
    if (found === this.#installationId) return;
    throw new QuireError(
      "storage_unavailable",
      "The storage folder is not the one of this database. Mount its disk, or set FILE_STORE_DIR to it; for a new " +
        "installation run: quire migrate",
    );
  }

  async put(key: string, content: AsyncIterable<Uint8Array>, limits: PutLimits = {}): Promise<StoredFile> {
    const segments = segmentsOf(key);
    limits.signal?.throwIfAborted();
    if (this.#installationId !== null) await this.assertOurs();
    const upload = await this.#openUpload().catch(refuse);
    try {
      const stored = await receive(content, limits, (chunk) => upload.file.writeFile(chunk).catch(refuse));
      await upload.file.sync().catch(refuse);
      await upload.file.close().catch(refuse);
      limits.signal?.throwIfAborted();
      await this.#place(upload.path, segments).catch(refuse);
      return stored;
    } catch (error) {
      // The first error is the one to tell; what cannot be removed now, removeStaleUploads removes.
      await upload.file.close().catch(() => {});
      await rm(upload.path, { force: true }).catch(() => {});
      await this.#removeEmptyFolders(segments);
      throw error;
    }
  }

  async open(key: string, range: ByteRange = wholeFile): Promise<Readable> {
    const segments = segmentsOf(key);
    assertRange(range);
    try {
      const path = await this.#locate(segments);
      if ((await lstat(path)).isDirectory()) throw fileMissing();
      return readableOf(await openHandle(path, constants.O_RDONLY | constants.O_NOFOLLOW), range);
    } catch (error) {
      return this.#refuseMissing(error);
    }
  }

  async size(key: string): Promise<number> {
    const segments = segmentsOf(key);
    try {
      const found = await lstat(await this.#locate(segments));
      if (!found.isDirectory()) return found.size;
      throw fileMissing();
    } catch (error) {
      return this.#refuseMissing(error);
    }
  }

  /**
   * Where a file lies on this machine, for who is to read it by itself; not to be told to anybody else.
   *
   * @throws QuireError `file_missing`
   */
  async pathOf(key: string): Promise<string> {
    const segments = segmentsOf(key);
    try {
      const path = await this.#locate(segments);
      if ((await lstat(path)).isFile()) return path;
      throw fileMissing();
    } catch (error) {
      return this.#refuseMissing(error);
    }
  }

  async delete(key: string): Promise<void> {
    const segments = segmentsOf(key);
    try {
      const path = await this.#locate(segments);
      if ((await lstat(path)).isDirectory()) return;
      await unlink(path);
      // What was deleted must not be back after a power cut.
      await syncFolder(dirname(path));
    } catch (error) {
      if (!isMissing(error)) refuse(error);
    }
    await this.#removeEmptyFolders(segments);
  }

  async deleteAll(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.delete(key);
  }

  /**
   * Removes what puts left behind when their process died.
   *
   * @param olderThanMs milliseconds since the last byte came in; above the longest silence of a living put,
   *   which would fail otherwise
   * @returns how many files were removed
   * @throws QuireError `storage_unavailable`
   */
  async removeStaleUploads(olderThanMs: number): Promise<number> {
    const newest = Date.now() - olderThanMs;
    const removeIfStale = async (name: string) => {
      const path = await this.#locate([incomingFolder, name]);
      const found = await lstat(path);
      if (!found.isFile() || found.mtimeMs >= newest) return 0;
      await unlink(path);
      return 1;
    };
    let removed = 0;
    const names =
      (await readdir(join(this.#root, incomingFolder)).catch(undefinedIfMissing).catch(refuse)) ?? [];
    for (const name of names) {
      removed += (await removeIfStale(name).catch(undefinedIfMissing).catch(refuse)) ?? 0;
    }
    return removed;
  }

  /**
   * The keys of files that have not changed for a while.
   *
   * @throws QuireError `storage_unavailable`
   */
  async *keysOlderThan(ageMs: number): AsyncGenerator<string, void, void> {
    const newest = Date.now() - ageMs;
    try {
      for await (const entry of await opendir(this.#root, { recursive: true })) {
        const path = join(entry.parentPath, entry.name);
        const key = relative(this.#root, path).split(sep).join("/");
        if (!entry.isFile() || key === marker || key.startsWith(`${incomingFolder}/`)) continue;
        const found = await lstat(path).catch(undefinedIfMissing);
        if (found && found.mtimeMs < newest) yield key;
      }
    } catch (error) {
      refuse(error);
    }
  }

  async #refuseMissing(error: unknown): Promise<never> {
    if (!isMissing(error)) return refuse(error);
    // Without its own folder, as where a disk is not mounted, the store knows of no file whether it is there.
    await this.assertOurs();
    throw fileMissing();
  }

  async #openUpload(): Promise<{ path: string; file: FileHandle }> {
    await mkdir(this.#root, { recursive: true, mode: folderMode });
    const segments = [incomingFolder, randomUUID()];
    await this.#makeFolders(segments);
    const path = await this.#locate(segments);
    return { path, file: await openHandle(path, "wx", fileMode) };
  }

  async #place(uploaded: string, segments: readonly string[]): Promise<void> {
    for (let placing = 1; ; placing++) {
      try {
        await this.#makeFolders(segments);
        await rename(uploaded, await this.#locate(segments));
        break;
      } catch (error) {
        if (hasCode(error, "EISDIR", "ENOTDIR")) throw keyClash();
        // ENOENT: a delete has removed the folder, empty as it still was. Make it again.
        if (!hasCode(error, "ENOENT") || placing === maxPlacings) throw error;
      }
    }
    // Every folder above, not only those made here: another put may have made one and not synced it yet.
    for (let depth = segments.length; depth > 0; depth--) {
      const sync = async () => syncFolder(dirname(await this.#locate(segments.slice(0, depth))));
      await sync().catch(undefinedIfMissing);
    }
  }

  /** Makes the folders above the last segment, from the top, so that none is made beyond a link that leads out. */
  async #makeFolders(segments: readonly string[]): Promise<void> {
    for (let depth = 1; depth < segments.length; depth++) {
      await mkdir(await this.#locate(segments.slice(0, depth)), folderMode).catch((error) => {
        if (!hasCode(error, "EEXIST")) throw error;
      });
    }
  }

  /** Removes the folders above the last segment, from the bottom, up to the first that holds something. */
  async #removeEmptyFolders(segments: readonly string[]): Promise<void> {
    for (let depth = segments.length - 1; depth > 0; depth--) {
      const remove = async () => rmdir(await this.#locate(segments.slice(0, depth)));
      try {
        await remove().catch(undefinedIfMissing);
      } catch {
        // Not empty; and if it is anything else, an empty folder is no reason to fail.
        return;
      }
    }
  }

  /** The path of the last segment, itself not followed if it is a link; no link above it leads out of the root. */
  async #locate(segments: readonly string[]): Promise<string> {
    const root = await realpath(this.#root);
    const path = join(root, ...segments);
    const folder = await realpath(dirname(path));
    const fromRoot = relative(root, folder);
    if (fromRoot === ".." || fromRoot.startsWith(`..${sep}`)) {
      throw new Error("A symbolic link leads out of the storage folder.");
    }
    return join(folder, basename(path));
  }
}

function segmentsOf(key: string): string[] {
  assertKey(key);
  const segments = key.split("/");
  // Whatever its case: some file systems do not tell it.
  const [first = ""] = segments;
  if (![incomingFolder, marker].includes(first.toLowerCase())) return segments;
  throw new QuireError(
    "invalid_storage_key",
    `A storage key cannot begin with "${first}". Use another name.`,
  );
}

function readableOf(file: FileHandle, { start, end }: ByteRange): Readable {
  let position = start;
  return new Readable({
    highWaterMark: readChunkBytes,
    read(sizeBytes) {
      const wantedBytes = Math.min(sizeBytes, end - position + 1);
      if (wantedBytes === 0) {
        this.push(null);
        return;
      }
      const push = ({ bytesRead, buffer }: { bytesRead: number; buffer: Buffer }) => {
        position += bytesRead;
        this.push(bytesRead === 0 ? null : buffer.subarray(0, bytesRead));
      };
      file
        .read(Buffer.allocUnsafe(wantedBytes), 0, wantedBytes, position)
        .then(push, (cause) => this.destroy(unavailable(cause)));
    },
    destroy(error, done) {
      file.close().then(
        () => done(error),
        (cause) => done(error ?? unavailable(cause)),
      );
    },
  });
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}

/** Also ENOTDIR: where a file lies, no key leads further. */
function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT", "ENOTDIR");
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function refuse(error: unknown): never {
  throw error instanceof QuireError ? error : unavailable(error);
}

function unavailable(cause: unknown): QuireError {
  return new QuireError(
    "storage_unavailable",
    "The storage folder could not be used. Check that its disk is mounted, has room left, is open to this user " +
      "and holds no links that lead out of it; then try again.",
    { cause },
  );
}

function keyClash(): QuireError {
  return new QuireError(
    "invalid_storage_key",
    "A storage key is the folder of another one, or lies below it. Use another key.",
  );
}
