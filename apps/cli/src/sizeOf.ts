import { stat } from "node:fs/promises";
import { QuireError } from "@quire/core";

/** Bytes of a file. @throws QuireError `file_unreadable` */
export async function sizeOf(path: string): Promise<number> {
  try {
    const facts = await stat(path);
    if (facts.isFile()) return facts.size;
  } catch (cause) {
    throw new QuireError("file_unreadable", "The file does not exist or cannot be read. Check the path.", {
      cause,
    });
  }
  throw new QuireError("file_unreadable", "This is a folder, or no file at all. Give the files themselves.");
}
