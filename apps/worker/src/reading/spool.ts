import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readlinkSync, writeFileSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Limits, QuireError } from "@quire/core";
import { checkFileSize } from "@quire/engine";
import { oomKillCount } from "@quire/memory";
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
  /** What the kernel's out-of-memory killer had taken when this worker started. */
  readonly #oomKills = oomKillCount();
  #marks = 0;

  private constructor(parent: string, workerId: string) {
    this.workerId = workerId;
    this.#parent = parent;
    this.#folder = join(parent, prefix + workerId);
  }

  /** @throws QuireError `temp_dir_unavailable` */
  static async create(tempDir: string | null): Promise<Spool> {
    const spool = new Spool(tempDir ?? tmpdir(), `${machine()}-${randomBytes(4).toString("hex")}`);
    ofThisProcess.add(spool.workerId);
    await spool.markAlive();
    return spool;
  }

  /**
   * Says that the worker lives, also to a cleaner of temporary folders, which goes by age, and after one that came.
   *
   * @throws QuireError `temp_dir_unavailable`
   */
  async markAlive(): Promise<void> {
    await inTempDir(async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      // Put in place whole: a worker killed while it wrote would pass for one that is just being started.
      const written = join(this.#folder, `pid-${this.#marks++}`);
      await writeFile(written, `${process.pid} ${this.#oomKills ?? ""}`);
      await rename(written, join(this.#folder, "pid"));
    });
  }

  /**
   * Copies a document here, as a stream. One whose size is not what it should be is refused before its first byte.
   *
   * @param onProgress is called with every piece
   * @throws QuireError `file_too_large` before or while copying; `file_changed` if it is not what was uploaded;
   *   `temp_dir_unavailable`; those of the file store
   */
  async fetch(
    { documentId, number, storageKey, sizeBytes, sha256 }: Claim,
    files: FileStore,
    { limits, signal, onProgress }: { limits: Limits; signal: AbortSignal; onProgress: () => void },
  ): Promise<SpooledFile> {
    checkFileSize(sizeBytes, limits);
    const storedBytes = await files.size(storageKey);
    checkFileSize(storedBytes, limits);
    if (storedBytes !== sizeBytes) throw fileChanged(storedBytes, sizeBytes);
    const path = join(this.#folder, `${documentId}-${number}`);
    await this.markAlive();
    const source = await files.open(storageKey);
    try {
      await using file = await inTempDir(() => open(path, "w", 0o600));
      const copied = await receive(source, { maxBytes: limits.maxFileBytes, signal }, (chunk) => {
        onProgress();
        return inTempDir(() => file.writeFile(chunk));
      });
      if (copied.sizeBytes !== sizeBytes || (sha256 !== null && copied.sha256 !== sha256))
        throw fileChanged(copied.sizeBytes, sizeBytes);
      return { path, sha256: copied.sha256 };
    } finally {
      source.destroy();
    }
  }

  async remove({ documentId, number }: Claim): Promise<void> {
    await rm(join(this.#folder, `${documentId}-${number}`), { force: true });
  }

  /** Notes that this worker dies of its own doing. Synchronous: there is no time. */
  noteCrash(): void {
    try {
      writeFileSync(join(this.#folder, "crashed"), "");
    } catch {
      // Then its successor takes it for killed, which is charged for less.
    }
  }

  /** Notes the engines of this worker, for whoever finds the folder: a hung one does not see that its worker is gone. */
  async noteEngines(pids: readonly number[]): Promise<void> {
    await inTempDir(() => writeFile(join(this.#folder, "engines"), pids.join(" ")));
  }

  /**
   * The workers that left their folder here and are dead: their process is gone, or they have not said for ten
   * minutes that they live (their number may be another's by now, or have been another container's).
   */
  async deadWorkers(): Promise<DeadWorker[]> {
    const dead: DeadWorker[] = [];
    for (const name of await inTempDir(() => readdir(this.#parent))) {
      if (!name.startsWith(prefix)) continue;
      const workerId = name.slice(prefix.length);
      const folder = join(this.#parent, name);
      if (ofThisProcess.has(workerId)) continue;
      const isHere = workerId.startsWith(`${machine()}-`);
      const isGone = isHere && !(await isAlive(folder));
      if (isGone || (await isSilent(folder)))
        dead.push({ workerId, killed: isGone && (await wasKilled(folder)) });
    }
    return dead;
  }

  /** Removes what a dead worker left: its engine, if that hangs, and its copies. */
  async removeFolder(workerId: string): Promise<void> {
    const folder = join(this.#parent, prefix + workerId);
    if (workerId.startsWith(`${machine()}-`)) await killEngines(folder);
    await rm(folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    ofThisProcess.delete(this.workerId);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function fileChanged(foundBytes: number, sentBytes: number): QuireError {
  return new QuireError(
    "file_changed",
    `The stored file has ${foundBytes} bytes and is not the one of ${sentBytes} that was sent. Send it again.`,
  );
}

/** A worker that left its folder, and whether it is known that somebody else killed it. */
export interface DeadWorker {
  readonly workerId: string;
  readonly killed: boolean;
}

/** Workers that run in this very process, as in tests. */
const ofThisProcess = new Set<string>();

/**
 * Where process numbers mean the same: the host's name as a file's name may contain it, and the namespace, for
 * containers may share a name and a temporary folder.
 */
function machine(): string {
  const name = hostname()
    .replaceAll(/[^A-Za-z0-9]/g, "_")
    .slice(0, 40);
  return `${name}-${processNamespace()}`;
}

function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    return "0";
  }
}

/** Runs what touches the temporary folder: its failure is this machine's, never the document's. */
async function inTempDir<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new QuireError(
      "temp_dir_unavailable",
      "The temporary folder cannot be written. Check TEMP_DIR: that it exists, may be written to and has room.",
      { cause },
    );
  }
}

/** Whether the worker that made this folder may still run. Our own number is one that was handed out again. */
async function isAlive(folder: string): Promise<boolean> {
  const { pid } = await noted(folder);
  if (!pid) return isNew(folder);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const madeWithinMs = 60_000;

/** What a worker wrote of itself; null where it was killed before it could, or nothing is known. */
async function noted(folder: string): Promise<{ pid: number | null; oomKills: number | null }> {
  const text = await readFile(join(folder, "pid"), "utf8").catch(() => "");
  const [, pid, oomKills] = /^(\d+)(?: (\d+))?/.exec(text) ?? [];
  return {
    pid: pid === undefined ? null : Number(pid),
    oomKills: oomKills === undefined ? null : Number(oomKills),
  };
}

/** It did not die of an error of its own, and the kernel's out-of-memory killer has taken nobody since it started. */
async function wasKilled(folder: string): Promise<boolean> {
  const { oomKills } = await noted(folder);
  return oomKills !== null && oomKills === oomKillCount() && !existsSync(join(folder, "crashed"));
}

/** Said every minute: see {@link Spool.markAlive}. */
const silentAfterMs = 10 * 60_000;

async function isSilent(folder: string): Promise<boolean> {
  const { mtimeMs } = await stat(join(folder, "pid")).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return Date.now() - mtimeMs > silentAfterMs;
}

/** The number may be another's by now: only what was started as an engine is killed. */
async function killEngines(folder: string): Promise<void> {
  const noted = await readFile(join(folder, "engines"), "utf8").catch(() => "");
  for (const pid of noted.split(" ").map(Number)) {
    if (!pid || !(await commandOf(pid)).includes("--expose-gc")) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has gone by itself.
    }
  }
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === "linux") return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const { stdout } = await promisify(execFile)("ps", ["-o", "command=", "-p", `${pid}`]).catch(() => ({
    stdout: "",
  }));
  return stdout;
}

/** A folder without a number is being made right now, or was when its worker died. */
async function isNew(folder: string): Promise<boolean> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < madeWithinMs;
}
