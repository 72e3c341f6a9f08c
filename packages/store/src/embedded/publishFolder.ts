import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "../syncFolder.ts";

/** Far longer than filling a folder may take: whoever began it is gone. */
const abandonedAfterMs = 10 * 60_000;

/**
 * Makes the folder `target`, if there is none, appear at once and whole: a kill in the middle leaves nothing half
 * made. `fill` gets a temporary sibling to work in and returns the folder in it that becomes `target`. Where
 * another process was faster, its folder stands.
 */
export async function publishFolder(
  target: string,
  fill: (workplace: string) => Promise<string>,
): Promise<void> {
  await removeAbandoned(target);
  if (existsSync(target)) return;
  const workplace = await mkdtemp(`${target}.new-`);
  try {
    const filled = await fill(workplace);
    try {
      await rename(filled, target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
    await syncFolder(dirname(target));
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

async function removeAbandoned(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(`${basename(target)}.new-`)) continue;
    const path = join(dirname(target), name);
    const changed = (await stat(path).catch(() => null))?.mtimeMs ?? Date.now();
    if (Date.now() - changed > abandonedAfterMs) await rm(path, { recursive: true, force: true });
  }
}
