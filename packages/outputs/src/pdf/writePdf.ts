import { type DocumentFormat, type PageResult, settings } from "@quire/core";
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
  /** Pictures with more pixels are left out, for want of memory; where it is not said, as many as are read by default. */
  readonly maxPagePixels?: number;
}

const million = 1_000_000;
const usualMaxPagePixels = Number(settings.MAX_PAGE_MEGAPIXELS.default) * million;

/**
 * The document as a searchable PDF, in pieces.
 *
 * @param pages of the document, in page order
 * @throws QuireError `pdf_signed`, `pdf_encrypted`, `pdf_unwritable`; `corrupt_file`
 */
export async function* writePdf(
  source: PdfSource,
  pages: AsyncIterable<PageResult>,
): AsyncGenerator<Uint8Array> {
  if (source.format === "pdf") {
    yield* appendTextLayers(source.path, source.pageCount, pages);
    return;
  }
  // Loaded where it is needed: libvips weighs 15 MB.
  const { writePdfFromImages } = await import("./fromImages/writePdfFromImages.ts");
  yield* writePdfFromImages({ maxPagePixels: usualMaxPagePixels, ...source }, pages);
}
