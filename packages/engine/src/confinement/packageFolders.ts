import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * The folders of a package and of all that it depends on, where npm has put them. Where a folder is a link, as to a
 * package of the same repository, both: Node looks at one and loads from the other.
 *
 * @param folder the package's own
 */
export function packageFolders(folder: string): string[] {
  const found = new Set<string>();
  visit(folder, found);
  return [...found];
}

function visit(folder: string, found: Set<string>): void {
  if (found.has(folder)) return;
  found.add(folder);
  const real = realpathSync(folder);
  found.add(real);
  for (const name of dependencies(real)) {
    const installed = find(name, real);
    // Of what is optional, npm installs what this machine can use.
    if (installed) visit(installed, found);
  }
}

function dependencies(folder: string): string[] {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as Record<"dependencies" | "optionalDependencies", Record<string, string> | undefined>;
  return Object.keys({ ...dependencies, ...optionalDependencies });
}

function find(name: string, from: string): string | undefined {
  const folders = createRequire(join(from, "package.json")).resolve.paths(name) ?? [];
  return folders
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, "package.json")));
}
