import { randomUUID } from "node:crypto";
import { open, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QuireError } from "@quire/core";
import { DiskFileStore } from "../files/diskFileStore.ts";
import { type FileStore, receive } from "../files/fileStore.ts";
import type { OriginalOf } from "./outputStanding.ts";

const prefix = "quire-original-";

/** A file that was uploaded, on this machine. */
export interface LocalOriginal extends AsyncDisposable {
  readonly path: string;
}

/**
 * The file that was uploaded: where it lies, if that is on a disk of this machine, else a copy, which is gone when this
 * is disposed of.
 *
 * @param tempDir null: the system's temporary folder
 * @throws QuireError `file_missing`, `file_changed`, `temp_dir_unavailable`, `storage_unavailable`; the signal's reason
 */
export async function localOriginal(
  files: Pick<FileStore, "open">,
  original: OriginalOf,
  { tempDir, signal }: { readonly tempDir: string | null; readonly signal: AbortSignal },
): Promise<LocalOriginal> {
  if (files instanceof DiskFileStore)
    return { path: await files.pathOf(original.key), async [Symbol.asyncDispose]() {} };
  const path = join(tempDir ?? tmpdir(), prefix + randomUUID());
  const remove = () => rm(path, { force: true });
  try {
    await copy(files, original, path, signal);
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, [Symbol.asyncDispose]: remove };
}

async function copy(
  files: Pick<FileStore, "open">,
  { key, sizeBytes, sha256 }: OriginalOf,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const source = await files.open(key);
  try {
    await using file = await inTempDir(open(path, "wx", 0o600));
    const copied = await receive(source, { maxBytes: sizeBytes, signal }, (chunk) =>
      inTempDir(file.writeFile(chunk)),
    );
    if (copied.sizeBytes !== sizeBytes || (sha256 !== null && copied.sha256 !== sha256))
      throw new QuireError("file_changed", "The stored file is not the one that was sent. Send it again.");
  } finally {
    source.destroy();
  }
}

/** Removes copies that processes left which died, and that are this old. What cannot be removed stays. */
export async function removeStaleCopies(tempDir: string | null, olderThanMs: number): Promise<void> {
  const folder = tempDir ?? tmpdir();
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > olderThanMs) await rm(path, { force: true }).catch(() => {});
  }
}

async function inTempDir<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw new QuireError(
      "temp_dir_unavailable",
      "The temporary folder cannot be written. Check TEMP_DIR: that it exists, may be written to and has room.",
      { cause },
    );
  }
}
