import { stat } from "node:fs/promises";
import { type Limits, QuireError } from "@quire/core";

/** @throws QuireError `empty_file`, `file_too_large`; the file has not been opened yet */
export function checkFileSize(sizeBytes: number, { maxFileBytes }: Limits): void {
  if (sizeBytes === 0) throw new QuireError("empty_file", "The file is empty. Send it again.");
  if (sizeBytes <= maxFileBytes) return;
  const megabytes = (bytes: number, digits: number) => (bytes / 1_000_000).toFixed(digits);
  const limit = Number(megabytes(maxFileBytes, 1));
  throw new QuireError(
    "file_too_large",
    `${megabytes(sizeBytes, 1)} MB is over the ${limit} MB limit. Split the document into smaller files.`,
  );
}

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
