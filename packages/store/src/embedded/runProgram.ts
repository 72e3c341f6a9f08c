import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { QuireError } from "@quire/core";
import type { SystemUser } from "./clusterUser.ts";
import { openLog } from "./postgresLog.ts";

/**
 * Nothing of our own environment: PGOPTIONS or PGDATA in it would change what Postgres does. Its messages are
 * read by startPostmaster, hence in English; what it logs and computes is in UTC.
 */
const environment = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };

export interface Workplace {
  /** Where programs run: our own working folder may be closed to `user`, which Postgres complains of. */
  readonly folder: string;
  readonly log: string;
  readonly user: SystemUser | null;
}

/**
 * Runs one of Postgres' programs, and its children, for `timeoutMs` at most. What it prints goes to the log: a
 * file takes everything and, unlike a pipe, is not waited for when a daemon inherits it.
 *
 * @returns its exit code; `null` if it was killed
 * @throws QuireError database_unavailable where it cannot run at all
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  { folder, log, user }: Workplace,
  timeoutMs: number,
): Promise<number | null> {
  await using output = await openLog(log);
  const child = spawn(file, args, {
    cwd: folder,
    env: environment,
    stdio: ["ignore", output.fd, output.fd],
    // A session of its own: Ctrl-C is for us, and we tell Postgres.
    detached: process.platform !== "win32",
    windowsHide: true,
    ...user,
  });
  const timer = setTimeout(() => killWithChildren(child), timeoutMs);
  try {
    const [code]: (number | null)[] = await once(child, "close");
    return code ?? null;
  } catch (cause) {
    throw new QuireError(
      "database_unavailable",
      `${file} cannot run on this machine (${(cause as Error).message}): use a Postgres of your own.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

function killWithChildren(child: ChildProcess): void {
  if (child.pid === undefined || process.platform === "win32") {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
