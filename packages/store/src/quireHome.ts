import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where Quire keeps its database and files when it runs as root and root's own folder is closed to others. */
const systemHome = "/var/lib/quire";
const othersMayEnter = 0o001;

/**
 * The folder that Quire keeps everything in, as an absolute path: the configured one, else `~/.quire`.
 *
 * As root, `~/.quire` will not do where the home folder is closed (/root is 0700 almost everywhere): Postgres
 * refuses to run as root, and the user it runs as instead could not enter. `/var/lib` is where services keep
 * their state, and everybody may enter it.
 */
export function quireHome(configured: string | null, home = homedir(), uid = process.getuid?.()): string {
  if (configured !== null) return resolve(configured);
  const mode = uid === 0 ? statSync(home, { throwIfNoEntry: false })?.mode : undefined;
  const closed = mode !== undefined && (mode & othersMayEnter) === 0;
  return closed ? systemHome : join(home, ".quire");
}
