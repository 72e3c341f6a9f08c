import { QuireError } from "@quire/core";
import type { GreyRaster } from "../../raster/greyRaster.ts";
import type { Rotation } from "../openedDocument.ts";
import { PdfiumLibrary, pdfiumError } from "./pdfiumLibrary.ts";
import { countObjects } from "./pdfiumObjects.ts";
import { readTextLayer } from "./pdfiumText.ts";
import { PdfFault, type PdfPage, type PdfPages } from "./pdfPages.ts";

/** FPDFBitmap_Gray of fpdfview.h: one byte a pixel, a quarter of what other libraries need. */
const greyFormat = 1;
/** FPDF_ANNOT | FPDF_RENDER_LIMITEDIMAGECACHE. */
const renderFlags = 0x01 | 0x200;
const opaqueWhite = 0xffffffff;
/** FLAT_NORMALDISPLAY of fpdf_flatten.h. */
const flattenForDisplay = 0;
const pointsPerInch = 72;

/**
 * Opens a PDF with PDFium.
 *
 * @throws QuireError `encrypted_pdf`; PdfFault where PDFium cannot open it
 */
export async function openWithPdfium(path: string, password: string | undefined): Promise<PdfPages> {
  const library = await PdfiumLibrary.current();
  const { document, error, close } = library.openFile(path, password);
  if (document === 0) {
    close();
    if (error === pdfiumError.password) throw encrypted(password);
    throw new PdfFault(`PDFium cannot open the file (error ${error})`);
  }
  const pageCount = library.run((pdfium) => pdfium.FPDF_GetPageCount(document));
  return {
    pageCount,
    openPage: async (index) => openPage(library, document, index),
    async close() {
      close();
    },
  };
}

/** The refusal of a PDF that needs a password. */
export function encrypted(password: string | undefined): QuireError {
  return new QuireError(
    "encrypted_pdf",
    password === undefined
      ? "The PDF is encrypted. Give its password, or send a copy without one."
      : "The PDF is encrypted, and the password given does not open it.",
  );
}

function openPage(library: PdfiumLibrary, document: number, index: number): PdfPage {
  return library.run((pdfium) => {
    const page = loadFlattened(library, document, index);
    const widthPoints = pdfium.FPDF_GetPageWidthF(page);
    const heightPoints = pdfium.FPDF_GetPageHeightF(page);
    if (!(widthPoints > 0 && heightPoints > 0)) {
      pdfium.FPDF_ClosePage(page);
      throw new PdfFault("the page has no size");
    }
    const objects = countObjects(library, page, widthPoints * heightPoints);
    return {
      widthPoints,
      heightPoints,
      rotation: rotationOf(pdfium.FPDFPage_GetRotation(page)),
      imageDpi: objects.imageDpi,
      largestImagePixels: objects.largestImagePixels,
      decodeBytes: objects.decodeBytes,
      textLayer: readTextLayer(library, page, { widthPoints, heightPoints }, objects),
      rasterise: async (dpi: number) => rasterise(library, page, widthPoints, heightPoints, dpi),
      close() {
        if (!library.trapped) pdfium.FPDF_ClosePage(page);
      },
    };
  });
}

/** PDFium counts quarter turns clockwise, and says -1 where the page has no dictionary to look it up in. */
function rotationOf(quarterTurns: number): Rotation {
  return ((Math.max(0, quarterTurns) % 4) * 90) as Rotation;
}

/**
 * Loads a page with its annotations made part of it. What a person typed into a form, or stamped on a letter,
 * is an annotation: PDFium's text extraction would leave it out, and its renderer draws no form fields.
 */
function loadFlattened({ functions: pdfium }: PdfiumLibrary, document: number, index: number): number {
  const load = () => {
    const page = pdfium.FPDF_LoadPage(document, index);
    if (page === 0) throw new PdfFault(`PDFium cannot load page ${index + 1}`);
    return page;
  };
  const page = load();
  if (pdfium.FPDFPage_GetAnnotCount(page) === 0) return page;
  pdfium.FPDFPage_Flatten(page, flattenForDisplay);
  pdfium.FPDF_ClosePage(page);
  return load();
}

function rasterise(
  library: PdfiumLibrary,
  page: number,
  widthPoints: number,
  heightPoints: number,
  dpi: number,
): GreyRaster {
  return library.run((pdfium) => {
    const width = Math.max(1, Math.round((widthPoints * dpi) / pointsPerInch));
    const height = Math.max(1, Math.round((heightPoints * dpi) / pointsPerInch));
    const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, greyFormat, 0, 0);
    if (bitmap === 0) throw new PdfFault("PDFium has no memory for the page");
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, opaqueWhite);
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, renderFlags);
    const start = pdfium.FPDFBitmap_GetBuffer(bitmap);
    const stride = pdfium.FPDFBitmap_GetStride(bitmap);
    const pixels = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      const row = start + y * stride;
      pixels.set(pdfium.pdfium.HEAPU8.subarray(row, row + width), y * width);
    }
    pdfium.FPDFBitmap_Destroy(bitmap);
    return { width, height, dpi, pixels };
  });
}
