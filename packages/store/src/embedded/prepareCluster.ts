import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, link, mkdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { QuireError } from "@quire/core";
import { syncFolder } from "../syncFolder.ts";
import { closedTo, clusterUser, type SystemUser } from "./clusterUser.ts";
import { type PostgresBinaries, postgresBinaries } from "./postgresBinaries.ts";
import { emptyLog, postgresError } from "./postgresLog.ts";
import { publishFolder } from "./publishFolder.ts";
import { runProgram, type Workplace } from "./runProgram.ts";

export const superuser = "quire";
const initdbTimeoutMs = 60_000;
const chownTimeoutMs = 60_000;
const ownerOnly = 0o600;
const passwordBytes = 16;

/** A cluster on disk, running or not. */
export interface Cluster extends Workplace {
  readonly data: string;
  readonly password: string;
  readonly binaries: PostgresBinaries;
  readonly settings: Readonly<Record<string, string>>;
}

/** What there is in a cluster's folder. */
export function clusterFiles(folder: string): { data: string; passwordFile: string; log: string } {
  return {
    data: join(folder, "data"),
    passwordFile: join(folder, "password"),
    log: join(folder, "postgres.log"),
  };
}

/** Makes what is missing of the cluster in `path`, in steps each of which is done or not done. */
export async function prepareCluster(
  path: string,
  settings: Readonly<Record<string, string>>,
): Promise<Cluster> {
  const user = await clusterUser(clusterFiles(resolve(path)).data);
  const folder = await makeFolder(resolve(path), user);
  const { data, passwordFile, log } = clusterFiles(folder);
  const binaries = await postgresBinaries(user, dirname(folder));
  if (!existsSync(passwordFile)) await makePassword(passwordFile, data);
  const password = (await readFile(passwordFile, "utf8")).trim();
  const cluster = { folder, data, log, user, binaries, password, settings };
  await publishFolder(data, (workplace) => initialise(cluster, workplace));
  if (user !== null) await giveTo(user, data);
  return cluster;
}

/**
 * Makes the folder, private to us. As root, everybody may pass through it, but only we may see or change what is
 * in it: the one who runs Postgres owns no more than `data` and the log.
 */
async function makeFolder(path: string, user: SystemUser | null): Promise<string> {
  if (process.platform !== "win32" && /["$`\\\n]/.test(path))
    throw new QuireError(
      "invalid_configuration",
      `Postgres cannot run in ${path}: set QUIRE_HOME to a folder without ", $, \` and \\ in its name.`,
    );
  const firstMade = await mkdir(path, { recursive: true, mode: 0o700 });
  const folder = await realpath(path);
  if (user === null) return folder;
  for (let made = path; firstMade !== undefined && made.length >= firstMade.length; made = dirname(made))
    await chmod(made, 0o711);
  await chmod(folder, (await stat(folder)).mode | 0o011);
  const closed = await closedTo(user, folder);
  if (closed === null) return folder;
  throw new QuireError(
    "invalid_configuration",
    `Postgres refuses to run as root, and the user it runs as instead may not enter ${closed}: ` +
      "set QUIRE_HOME to a folder that other users may enter, such as /var/lib/quire.",
  );
}

/** Makes a password unless another process is faster: the first one is the password of the cluster. */
async function makePassword(file: string, data: string): Promise<void> {
  if (existsSync(data) && !existsSync(file))
    throw new QuireError(
      "database_unavailable",
      `${file} is missing: restore it, or remove ${dirname(file)} to begin with an empty database.`,
    );
  const draft = `${file}.${randomBytes(passwordBytes).toString("hex")}`;
  try {
    await writeFile(draft, randomBytes(passwordBytes).toString("hex"), {
      mode: ownerOnly,
      flag: "wx",
      flush: true,
    });
    await link(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(file));
}

async function initialise(cluster: Cluster, workplace: string): Promise<string> {
  const { user, log } = cluster;
  const data = join(workplace, "data");
  const passwordFile = join(workplace, "password");
  await writeFile(passwordFile, cluster.password, { mode: ownerOnly });
  if (user !== null) for (const path of [workplace, passwordFile]) await chown(path, user.uid, user.gid);
  await emptyLog(log, user);
  const args = ["--encoding=UTF8", "--no-locale", "--auth=scram-sha-256", `--username=${superuser}`];
  const paths = [`--pgdata=${data}`, `--pwfile=${passwordFile}`];
  const code = await runProgram(cluster.binaries.initdb, [...args, ...paths], cluster, initdbTimeoutMs);
  if (code === 0) return data;
  throw await postgresError(`The database in ${cluster.folder} cannot be initialised`, log);
}

/** A cluster that belongs to root, as from a backup, could not be started by anybody. */
async function giveTo(user: SystemUser, data: string): Promise<void> {
  if ((await stat(data)).uid === user.uid) return;
  await promisify(execFile)("chown", ["-hR", `${user.uid}:${user.gid}`, data], { timeout: chownTimeoutMs });
}
