import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where Quire keeps its database and files when it runs as root and root's own folder is closed to others. */
const systemHome = "/var/lib/quire";
const othersMayEnter = 0o001;

/**
 * The folder that Quire keeps everything in, as an absolute path: `QUIRE_HOME`, else `~/.quire`.
 *
 * As root, `~/.quire` will not do where the home folder is closed (/root is 0700 almost everywhere): Postgres
 * refuses to run as root, and the user it runs as instead could not enter. `/var/lib` is where services keep
 * their state, and everybody may enter it.
 */
export function quireHome(
  env: Readonly<Record<string, string | undefined>>,
  home = homedir(),
  uid = process.getuid?.(),
): string {
  if (env.QUIRE_HOME) return resolve(env.QUIRE_HOME);
  const mode = uid === 0 ? statSync(home, { throwIfNoEntry: false })?.mode : undefined;
  const closed = mode !== undefined && (mode & othersMayEnter) === 0;
  return closed ? systemHome : join(home, ".quire");
}
