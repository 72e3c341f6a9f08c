import type { DocumentFormat, PageResult } from "@quire/core";
import { appendTextLayers } from "./append/appendTextLayers.ts";

/** The document a searchable PDF is made of. */
export interface PdfSource {
  readonly path: string;
  readonly format: DocumentFormat;
  readonly pageCount: number;
  /** What people call it. */
  readonly name: string;
  /** Of the original, where it needs one. */
  readonly password?: string;
  /** PDF/A-2b; of no effect on what was a PDF before. */
  readonly archival: boolean;
}

/**
 * The document as a searchable PDF, in pieces.
 *
 * @param pages of the document, in page order
 * @throws QuireError `pdf_signed`, `pdf_encrypted`, `pdf_unwritable`
 */
export async function* writePdf(
  source: PdfSource,
  pages: AsyncIterable<PageResult>,
): AsyncGenerator<Uint8Array> {
  yield* appendTextLayers(source.path, source.pageCount, pages);
}
