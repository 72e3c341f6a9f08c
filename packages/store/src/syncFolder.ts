import { open } from "node:fs/promises";

/** A rename outlives a power cut only once the folder around it is written. Windows cannot open folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(folder);
  await handle.sync();
}
