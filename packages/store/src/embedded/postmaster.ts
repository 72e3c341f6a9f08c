import { existsSync } from "node:fs";
import { readFile, readlink, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** The lock file is made and written in two steps: an empty one this old stays empty. */
const emptyForMs = 5_000;

/** The process of a cluster that listens and starts the others. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Not while it starts, recovers after a crash, or stops. */
  readonly ready: boolean;
}

/** Who runs the cluster in `data`: what its lock file says, if that is true; `null` if nobody does. */
export async function findPostmaster(data: string): Promise<Postmaster | null> {
  const lock = await readLock(data);
  if (lock === null || !(await runsCluster(lock.pid, data))) return null;
  return lock;
}

/**
 * Whether the process `pid` runs the cluster in `data`: a postmaster works inside it. That somebody has this
 * number is not enough: a container hands out the same few again at each start, and where nobody reaps them, the
 * killed stay as zombies.
 */
export async function runsCluster(pid: number, data: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data));
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === "ENOENT" && existsSync("/proc/self/cwd");
    return !isGone && answersSignals(pid);
  }
}

/**
 * Removes a lock file that would keep Postgres from starting although nobody runs the cluster: it goes by the
 * bare number of the process, and refuses an empty file. All others it removes itself. Should another process
 * start Postgres in this very moment, its shared memory, found by the folder, keeps a second one out.
 */
export async function removeMisleadingLock(data: string): Promise<void> {
  const path = join(data, "postmaster.pid");
  const age = Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now());
  const lock = await readLock(data);
  const misleading = lock === null ? age > emptyForMs : answersSignals(lock.pid);
  if (misleading && (await findPostmaster(data)) === null) await rm(path, { force: true });
}

/** Lines of the lock file, from miscadmin.h: 1 the pid, 4 the port, 8 the state, added as they are known. */
async function readLock(data: string): Promise<Postmaster | null> {
  const text = await readFile(join(data, "postmaster.pid"), "utf8").catch((error) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}

/** A process of another user's refuses our signals: it is not the one that works in our folder. */
function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
