import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import { filesFolder, quireHome } from "@quire/store";
import { type Check, ok, skipped, warning } from "../check.ts";

const othersRights = 0o077;
/** Of a large store a few folders tell enough: Quire makes all of them in the same way. */
const mostLookedAt = 2_000;

/** Whether nobody but Quire's own user can read documents and uploads on this machine. */
export const folders: Check = {
  name: "permissions",
  withinSeconds: 10,
  async run({ config }) {
    const home = quireHome(config.quireHome);
    const kept = [filesFolder(config), config.web.uploadDir ?? join(home, "uploads")];
    const looked = { count: 0, open: 0 };
    for (const folder of kept) await look(folder, looked);
    if (looked.count === 0) return skipped("There is no folder of documents on this machine.");
    if (looked.open === 0) return ok(`${looked.count} folders and files, for this user alone.`);
    return warning(
      `${looked.open} of ${looked.count} folders and files are open to other users of this machine.`,
      "Take their rights away: chmod -R go-rwx on FILE_STORE_DIR and UPLOAD_DIR (files and uploads in QUIRE_HOME).",
    );
  },
};

async function look(path: string, looked: { count: number; open: number }): Promise<void> {
  if (looked.count >= mostLookedAt) return;
  const found = await lstat(path).catch(() => null);
  if (!found) return;
  looked.count++;
  if ((found.mode & othersRights) !== 0) looked.open++;
  if (!found.isDirectory()) return;
  for await (const { name } of await opendir(path)) await look(join(path, name), looked);
}
