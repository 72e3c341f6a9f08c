import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { QuireError } from "@quire/core";
import type { SystemUser } from "./clusterUser.ts";

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
// We may be root: a link in the log's place must not make us write elsewhere.
const writing = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW;
const ownerOnly = 0o600;
const tailBytes = 4_096;

/** Opens the log to append to. */
export function openLog(path: string): Promise<FileHandle> {
  return open(path, writing, ownerOnly);
}

/** Empties the log, or makes it, and gives it to `user`. */
export async function emptyLog(path: string, user: SystemUser | null): Promise<void> {
  await using log = await open(path, writing | O_TRUNC, ownerOnly);
  if (user !== null) await log.chown(user.uid, user.gid);
}

/** The last lines of the log. */
export async function logTail(path: string): Promise<string> {
  await using log = await open(path);
  const { size } = await log.stat();
  const position = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await log.read({ buffer: Buffer.alloc(tailBytes), position });
  return buffer.toString("utf8", 0, bytesRead).trim();
}

/** `what` happened, with the last complaint in the log; the last lines of the log are the cause. */
export async function postgresError(what: string, log: string): Promise<QuireError> {
  const tail = await logTail(log).catch(() => "");
  const complaint = tail.match(/(?<=(?:FATAL|PANIC|error): +)\S.*$/gm)?.at(-1);
  const incomplete = /error while loading shared libraries|Library not loaded/.test(tail);
  const remedy = incomplete
    ? "Its package is incomplete because its install script did not run: allow it, and `npm rebuild`."
    : `See ${log}.`;
  const message = complaint === undefined ? `${what}.` : `${what}: ${complaint}.`;
  return new QuireError("database_unavailable", `${message} ${remedy}`, {
    cause: new Error(tail || "The log is empty."),
  });
}
