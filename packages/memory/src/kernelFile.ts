import { readFileSync } from "node:fs";

/** A file that the kernel makes, or null where it is not there, not readable, or its process is gone. */
export function readKernelFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

/** A file with one whole number in it; null if it has none (`max`, say). */
export function readKernelNumber(path: string): number | null {
  const text = readKernelFile(path);
  return text === null || !/^-?\d+$/.test(text) ? null : Number(text);
}
