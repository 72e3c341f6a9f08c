import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { QuireError } from "@quire/core";

const run = promisify(execFile);
const timeoutMs = 30_000;

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom Postgres runs as: `null` for ourselves, unless we are root, whom it refuses. Then it is the owner of the
 * cluster in `data` if there is one (who may have another number in another container image, or be a person who
 * used Quire before root did), else the system's user `postgres`, made if need be, else `nobody`.
 */
export async function clusterUser(data: string): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(data).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = (await userNamed("postgres")) ?? (await addedUser("postgres")) ?? (await userNamed("nobody"));
  if (user !== null) return user;
  throw new QuireError(
    "invalid_configuration",
    "Postgres refuses to run as root, and there is no other user for it: add a system user named postgres.",
  );
}

/**
 * The first folder above `path`, or `path` itself, that `user` may not enter; `null` if the way is free. The
 * permission bits decide, as they do for everybody but root without access control lists.
 */
export async function closedTo(user: SystemUser, path: string): Promise<string | null> {
  const parent = dirname(path);
  const above = parent === path ? null : await closedTo(user, parent);
  if (above !== null) return above;
  const { uid, gid, mode } = await stat(path);
  const mayEnter = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & mayEnter) === 0 ? path : null;
}

async function userNamed(name: string): Promise<SystemUser | null> {
  try {
    const [uid, gid] = await Promise.all(
      ["-u", "-g"].map(async (what) =>
        Number((await run("id", [what, name], { timeout: timeoutMs })).stdout),
      ),
    );
    return { uid: uid as number, gid: gid as number };
  } catch {
    return null;
  }
}

async function addedUser(name: string): Promise<SystemUser | null> {
  // Without useradd, or where the list of users cannot be written, there is still `nobody`.
  await run("useradd", ["--system", "--no-create-home", name], { timeout: timeoutMs }).catch(() => {});
  return userNamed(name);
}
