import { readFileSync } from "node:fs";
import type { PageResult } from "@quire/core";
import { sniffBytes, sniffFormat } from "@quire/engine";
import { type ImagesToPdf, writePdfFromImages } from "../pdf/fromImages/writePdfFromImages.ts";

const maxPagePixels = 100_000_000;

/** The PDF of a document of images, whole: for tests. */
export async function writeImages(
  path: string,
  results: readonly PageResult[] = [],
  options: Partial<ImagesToPdf> = {},
): Promise<Buffer> {
  const format = sniffFormat(readFileSync(path).subarray(0, sniffBytes));
  const source = { path, format, archival: false, maxPagePixels, name: "", ...options };
  async function* pages() {
    yield* results;
  }
  const parts: Uint8Array[] = [];
  for await (const part of writePdfFromImages(source, pages())) parts.push(part);
  return Buffer.concat(parts);
}
