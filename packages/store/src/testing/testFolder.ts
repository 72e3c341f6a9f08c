import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, statfs } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stops the Postgres in the folder $1, waits 5 s for it at most, and removes the folder. */
const cleanUp = `
  pid=$(head -n 1 "$1/data/postmaster.pid") && kill -QUIT "$pid"
  tries=0
  while kill -0 "$pid" && [ $((tries += 1)) -le 50 ]; do sleep 0.1; done
  rm -rf "$1"
`;

/**
 * A temporary folder for a cluster that goes when we go. Postgres is a daemon, and would outlive a test file that
 * is killed, as by the test runner at a timeout: a shell waits for our end of its input to close, however we end.
 */
export class TestFolder {
  readonly path: string;
  readonly #guard: ChildProcess | null;

  private constructor(path: string, guard: ChildProcess | null) {
    this.path = path;
    this.#guard = guard;
  }

  static async make({ inMemory }: { readonly inMemory: boolean }): Promise<TestFolder> {
    const parent = inMemory && (await hasRoom(memoryDisk)) ? memoryDisk : tmpdir();
    const path = await mkdtemp(join(parent, "quire-postgres-"));
    return new TestFolder(path, process.platform === "win32" ? null : guardOf(path));
  }

  /** Stops and removes what is left in it, without waiting for that. */
  release(): void {
    this.#guard?.stdin?.end();
  }
}

/** Where a database of 300 files is made in 40 ms; on a disk it takes ten times that. */
const memoryDisk = "/dev/shm";
/** Several clusters at once; a container's usual 64 MB would not hold one. */
const roomBytes = 2 * 1024 ** 3;

async function hasRoom(path: string): Promise<boolean> {
  const free = await statfs(path).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return free >= roomBytes;
}

function guardOf(path: string): ChildProcess {
  const guard = spawn("/bin/sh", ["-c", `read -r _; ${cleanUp}`, "quire-test-guard", path], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.unref();
  (guard.stdin as Socket).unref();
  return guard;
}
