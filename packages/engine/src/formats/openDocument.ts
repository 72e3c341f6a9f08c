import { open } from "node:fs/promises";
import { type Limits, QuireError } from "@quire/core";
import { openImage } from "./image/imageDocument.ts";
import { openTiff } from "./image/tiffDocument.ts";
import type { OpenedDocument } from "./openedDocument.ts";
import { openPdf } from "./pdf/pdfDocument.ts";
import { sniffBytes, sniffFormat } from "./sniff.ts";

/**
 * Opens a file as the document that its magic bytes say it is, and holds it against the limits on pages and
 * pixels before any page is rendered. The size in bytes has been checked before this process saw the file.
 *
 * @throws QuireError why the document is refused
 */
export async function openDocument(
  path: string,
  password: string | undefined,
  limits: Limits,
): Promise<OpenedDocument> {
  const format = sniffFormat(await readHead(path));
  const document =
    format === "pdf"
      ? await openPdf(path, password, limits)
      : format === "tiff"
        ? await openTiff(path, limits)
        : await openImage(path, format, limits);
  if (document.pageCount > limits.maxPages) {
    await document.close();
    throw new QuireError(
      "too_many_pages",
      `${document.pageCount} pages are over the limit of ${limits.maxPages}. Split the document into smaller files.`,
    );
  }
  return document;
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffBytes), 0, sniffBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
