import { open } from "node:fs/promises";
import { type DocumentFormat, type Limits, QuireError } from "@quire/core";
import type { OpenedDocument } from "./openedDocument.ts";
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
  const document = await openAs(sniffFormat(await readHead(path)), path, password, limits);
  if (document.pageCount > limits.maxPages) {
    await document.close();
    throw new QuireError(
      "too_many_pages",
      `${document.pageCount} pages are over the limit of ${limits.maxPages}. Split the document into smaller files.`,
    );
  }
  return document;
}

/** Loads only the libraries that the format needs: PDFium and libvips weigh 15 MB and more each. */
async function openAs(
  format: DocumentFormat,
  path: string,
  password: string | undefined,
  limits: Limits,
): Promise<OpenedDocument> {
  if (format === "pdf") return (await import("./pdf/pdfDocument.ts")).openPdf(path, password, limits);
  if (format === "tiff") return (await import("./image/tiffDocument.ts")).openTiff(path, limits);
  return (await import("./image/imageDocument.ts")).openImage(path, format, limits);
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path).catch((cause) => {
    throw new QuireError("file_unreadable", "The file does not exist or cannot be read.", { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffBytes), 0, sniffBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
