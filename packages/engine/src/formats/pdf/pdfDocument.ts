import { type Limits, QuireError } from "@quire/core";
import { checkPixels } from "../image/imageSize.ts";
import type { OpenedDocument, OpenedPage } from "../openedDocument.ts";
import { openWithPdfium } from "./pdfiumPages.ts";
import { type OpenPdfPages, PdfFault, type PdfPage, type PdfPages } from "./pdfPages.ts";

const pointsPerInch = 72;

/** pdf.js and its canvas weigh 60 MB and more: loaded only for what PDFium cannot read. */
const openWithPdfjs: OpenPdfPages = async (path, password) => {
  const { openWithPdfjs } = await import("./pdfjsPages.ts");
  return openWithPdfjs(path, password);
};

/**
 * Opens a PDF with PDFium, and with pdf.js what PDFium cannot open or render.
 *
 * @throws QuireError `encrypted_pdf`, `corrupt_file`
 */
export async function openPdf(
  path: string,
  password: string | undefined,
  limits: Limits,
): Promise<OpenedDocument> {
  let primary: PdfPages | null = await openOrFault(openWithPdfium, path, password);
  let fallback: PdfPages | null = primary ? null : await openOrFault(openWithPdfjs, path, password);
  const pageCount = (primary ?? fallback)?.pageCount ?? 0;
  if (pageCount === 0) {
    await primary?.close();
    await fallback?.close();
    throw new QuireError(
      "corrupt_file",
      "The PDF is damaged: no page can be found in it. Export or scan it again.",
    );
  }

  /** Does with PDFium, or where it faults with pdf.js, what is to be done with one page. */
  async function attempt<T>(
    action: (pages: PdfPages) => Promise<T>,
  ): Promise<{ value: T; fellBack: boolean }> {
    try {
      primary ??= fallback ? null : await openOrFault(openWithPdfium, path, password);
      if (primary) return { value: await action(primary), fellBack: false };
    } catch (error) {
      if (!(error instanceof PdfFault)) throw error;
      // A fault may be a WebAssembly trap: the next page starts with PDFium opened afresh.
      await primary?.close();
      primary = null;
    }
    try {
      fallback ??= await openWithPdfjs(path, password);
      return { value: await action(fallback), fellBack: true };
    } catch (cause) {
      if (!(cause instanceof PdfFault)) throw cause;
      throw new QuireError("page_unreadable", "This page of the PDF is damaged. Export or scan it again.", {
        cause,
      });
    }
  }

  return {
    format: "pdf",
    pageCount,
    async openPage(pageNumber) {
      const { value: page, fellBack } = await attempt((pages) => pages.openPage(pageNumber - 1));
      checkPixels(page.largestImagePixels, 1, limits);
      const opened = describe(page, fellBack);
      return {
        ...opened,
        async rasterise(dpi) {
          try {
            return await page.rasterise(dpi);
          } catch (error) {
            if (!(error instanceof PdfFault) || fellBack) throw error;
            const second = await attempt(async (pages) => {
              if (pages === primary) throw new PdfFault("rendering failed once");
              return pages.openPage(pageNumber - 1);
            });
            return second.value.rasterise(dpi);
          }
        },
      };
    },
    async close() {
      await primary?.close();
      await fallback?.close();
    },
  };
}

function describe(page: PdfPage, fellBack: boolean): OpenedPage {
  return {
    widthInches: page.widthPoints / pointsPerInch,
    heightInches: page.heightPoints / pointsPerInch,
    rotation: page.rotation,
    ownDpi: page.imageDpi,
    warnings: fellBack ? ["fallback_renderer"] : [],
    textLayer: page.textLayer,
    rasterise: (dpi) => page.rasterise(dpi),
    close: () => page.close(),
  };
}

/** Opens the document, or gives null where this library cannot. A refusal that no library would change is thrown. */
async function openOrFault(
  open: OpenPdfPages,
  path: string,
  password: string | undefined,
): Promise<PdfPages | null> {
  try {
    const pages = await open(path, password);
    if (pages.pageCount > 0) return pages;
    await pages.close();
    return null;
  } catch (error) {
    if (error instanceof PdfFault) return null;
    throw error;
  }
}
