import { stat } from "node:fs/promises";
import { type Limits, type PageWarning, QuireError } from "@quire/core";
import { checkPixels } from "../image/imageSize.ts";
import type { OpenedDocument, OpenedPage } from "../openedDocument.ts";
import { type OpenPdfPages, PdfFault, PdfLibraryLost, type PdfPage, type PdfPages } from "./pdfPages.ts";

const pointsPerInch = 72;

/**
 * A library keeps what it has read of every page, images included, for as long as the document is open: PDFium's heap
 * grew by the 34 MB of a 142-page scan, and stayed. After pages of so many bytes the document is opened afresh, which
 * takes PDFium 5 ms.
 */
const reopenAfterBytes = 8_000_000;

/** The library that does the work, and the one that takes over where the first faults. */
export interface PdfLibraries {
  readonly first: OpenPdfPages;
  readonly second: OpenPdfPages;
}

const pdfiumThenPdfjs: PdfLibraries = {
  first: async (path, password) => (await import("./pdfiumPages.ts")).openWithPdfium(path, password),
  // pdf.js and its canvas weigh 60 MB and more: loaded only for what PDFium cannot read.
  second: async (path, password) => (await import("./pdfjsPages.ts")).openWithPdfjs(path, password),
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
  libraries: PdfLibraries = pdfiumThenPdfjs,
): Promise<OpenedDocument> {
  const document = new PdfDocument(path, password, limits, libraries);
  await document.open();
  return document;
}

class PdfDocument implements OpenedDocument {
  readonly format = "pdf";
  readonly #path: string;
  readonly #password: string | undefined;
  readonly #limits: Limits;
  readonly #libraries: PdfLibraries;
  #first: PdfPages | null = null;
  #second: PdfPages | null = null;
  #pageCount = 0;
  /** Pages opened in the first library since it was opened, and after how many it is opened afresh. */
  #pagesOpened = 0;
  #reopenAfterPages = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(path: string, password: string | undefined, limits: Limits, libraries: PdfLibraries) {
    this.#path = path;
    this.#password = password;
    this.#limits = limits;
    this.#libraries = libraries;
  }

  get pageCount(): number {
    return this.#pageCount;
  }

  async open(): Promise<void> {
    this.#first = await this.#openOrFault(this.#libraries.first);
    if (!this.#first) this.#second = await this.#openOrFault(this.#libraries.second);
    this.#pageCount = (this.#first ?? this.#second)?.pageCount ?? 0;
    const { size } = await stat(this.#path);
    this.#reopenAfterPages = Math.ceil((reopenAfterBytes * this.#pageCount) / size);
    if (this.#pageCount > 0) return;
    throw new QuireError(
      "corrupt_file",
      "The PDF is damaged: no page can be found in it. Export or scan it again.",
    );
  }

  async openPage(pageNumber: number): Promise<OpenedPage> {
    // A library that was let go of must not be opened again for a page that nobody waits for.
    if (this.#closed) throw new QuireError("page_unreadable", "The document has been closed.");
    if (this.#pagesOpened >= this.#reopenAfterPages) await this.#dropFirst();
    this.#pagesOpened++;
    const warnings: PageWarning[] = [];
    let page = await this.#openWithFirst(pageNumber);
    const fallBack = async (): Promise<PdfPage> => {
      warnings.push("fallback_renderer");
      return this.#openWithSecond(pageNumber);
    };
    const inFirst = page !== null;
    page ??= await fallBack();
    try {
      checkPixels(page.largestImagePixels, 1, this.#limits);
    } catch (error) {
      page.close();
      throw error;
    }
    let current = page;
    return {
      widthInches: page.widthPoints / pointsPerInch,
      heightInches: page.heightPoints / pointsPerInch,
      rotation: page.rotation,
      ownDpi: page.imageDpi,
      textLayer: page.textLayer,
      warnings,
      decodeBytes: page.decodeBytes,
      rasterise: async (dpi) => {
        try {
          return await current.rasterise(dpi);
        } catch (error) {
          if (!(error instanceof PdfFault) || !inFirst || warnings.length > 0) throw error;
          current.close();
          await this.#dropFirst();
          const again = error instanceof PdfLibraryLost ? await this.#openWithFirst(pageNumber) : null;
          current = again ?? (await fallBack());
          return current.rasterise(dpi);
        }
      },
      close: () => current.close(),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#dropFirst();
    await this.#second?.close();
    this.#second = null;
  }

  /** The page in the first library, which is opened afresh if it has been dropped; null where it faults. */
  async #openWithFirst(pageNumber: number): Promise<PdfPage | null> {
    try {
      return await this.#openOnceMoreIfLost(pageNumber);
    } catch (error) {
      if (!(error instanceof PdfFault)) throw error;
      // It may have been a trap: the next page starts with the library opened afresh.
      await this.#dropFirst();
      return null;
    }
  }

  /** A library that was lost to another document is no reason to read this page with the second one. */
  async #openOnceMoreIfLost(pageNumber: number): Promise<PdfPage | null> {
    const open = async () => {
      this.#first ??= await this.#openOrFault(this.#libraries.first);
      return (await this.#first?.openPage(pageNumber - 1)) ?? null;
    };
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof PdfLibraryLost)) throw error;
      await this.#dropFirst();
      return open();
    }
  }

  async #openWithSecond(pageNumber: number): Promise<PdfPage> {
    try {
      this.#second ??= await this.#libraries.second(this.#path, this.#password);
      return await this.#second.openPage(pageNumber - 1);
    } catch (cause) {
      if (!(cause instanceof PdfFault)) throw cause;
      throw new QuireError("page_unreadable", "This page of the PDF is damaged. Export or scan it again.", {
        cause,
      });
    }
  }

  async #dropFirst(): Promise<void> {
    await this.#first?.close();
    this.#first = null;
    this.#pagesOpened = 0;
  }

  /** Opens the document, or gives null where this library cannot. A refusal that no library would change is thrown. */
  async #openOrFault(open: OpenPdfPages): Promise<PdfPages | null> {
    try {
      const pages = await open(this.#path, this.#password);
      if (pages.pageCount > 0) return pages;
      await pages.close();
      return null;
    } catch (error) {
      if (error instanceof PdfFault) return null;
      throw error;
    }
  }
}
