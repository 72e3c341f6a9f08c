import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { type Limits, QuireError } from "@quire/core";
import { checkFileSize } from "@quire/engine";
import { type Claim, type FileStore, receive } from "@quire/store";

const prefix = "quire-worker-";

/** A document's copy on this machine. */
export interface SpooledFile {
  readonly path: string;
  readonly sha256: string;
}

/**
 * A worker's folder of copies of the documents it reads. The folder's name is the worker's id and says on which
 * machine it ran, `pid` in it says as which process: so a worker that finds the folder of a dead one knows what to
 * clean up.
 */
export class Spool {
  readonly workerId: string;
  readonly #parent: string;
  readonly #folder: string;

  private constructor(parent: string, workerId: string) {
    this.workerId = workerId;
    this.#parent = parent;
    this.#folder = join(parent, prefix + workerId);
  }

  static async create(tempDir: string | null): Promise<Spool> {
    const spool = new Spool(tempDir ?? tmpdir(), `${machine()}-${randomBytes(4).toString("hex")}`);
    await mkdir(spool.#folder, { recursive: true, mode: 0o700 });
    await writeFile(join(spool.#folder, "pid"), `${process.pid}`);
    return spool;
  }

  /**
   * Copies a document here, as a stream.
   *
   * @throws QuireError `file_too_large` before or while copying; `file_changed` if it is not what was uploaded;
   *   those of the file store
   */
  async fetch(
    { documentId, number, storageKey, sizeBytes, sha256 }: Claim,
    files: FileStore,
    { limits, signal }: { limits: Limits; signal: AbortSignal },
  ): Promise<SpooledFile> {
    checkFileSize(sizeBytes, limits);
    const path = join(this.#folder, `${documentId}-${number}`);
    const source = await files.open(storageKey);
    try {
      await using file = await open(path, "w", 0o600);
      const copied = await receive(source, { maxBytes: limits.maxFileBytes, signal }, (chunk) =>
        file.writeFile(chunk),
      );
      if (copied.sizeBytes !== sizeBytes || (sha256 !== null && copied.sha256 !== sha256)) {
        throw new QuireError(
          "file_changed",
          `The stored file has ${copied.sizeBytes} bytes and is not the one of ${sizeBytes} that was sent. Send it again.`,
        );
      }
      return { path, sha256: copied.sha256 };
    } finally {
      source.destroy();
    }
  }

  async remove({ documentId, number }: Claim): Promise<void> {
    await rm(join(this.#folder, `${documentId}-${number}`), { force: true });
  }

  /**
   * The workers that died on this machine and left their folder.
   */
  async deadWorkers(): Promise<string[]> {
    const dead: string[] = [];
    for (const name of await readdir(this.#parent)) {
      if (!name.startsWith(`${prefix}${machine()}-`)) continue;
      const workerId = name.slice(prefix.length);
      if (workerId !== this.workerId && !(await isAlive(join(this.#parent, name)))) dead.push(workerId);
    }
    return dead;
  }

  /** Removes what a dead worker left. */
  async bury(workerId: string): Promise<void> {
    await rm(join(this.#parent, prefix + workerId), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The host's name as a file's name may contain it. */
function machine(): string {
  return hostname()
    .replaceAll(/[^A-Za-z0-9]/g, "_")
    .slice(0, 40);
}

/** Whether the worker that made this folder may still run. Our own number is one that was handed out again. */
async function isAlive(folder: string): Promise<boolean> {
  const pid = Number(await readFile(join(folder, "pid"), "utf8").catch(() => ""));
  if (!pid) return isNew(folder);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A folder without a number is being made right now, or was when its worker died. */
async function isNew(folder: string): Promise<boolean> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < 60_000;
}
