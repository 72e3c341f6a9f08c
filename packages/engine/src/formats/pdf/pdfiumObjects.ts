import type { PdfiumLibrary } from "./pdfiumLibrary.ts";

/** What a page is made of besides text. */
export interface PageObjects {
  readonly imageShare: number;
  readonly imageDpi: number | null;
  readonly largestImagePixels: number;
  readonly decodeBytes: number;
  readonly paths: number;
}

/** FPDF_PAGEOBJ_* of fpdf_edit.h. */
const objectType = { path: 2, image: 3, form: 5 } as const;
/** An image that covers less of the page says nothing of the resolution of its writing. */
const leastShareForDpi = 0.3;
/** Looking at more objects than this tells nothing new about a page, and costs time. */
const maxObjects = 20_000;
const maxFormDepth = 3;
const pointsPerInch = 72;

/**
 * What PDFium needs for each pixel of an image, by its last filter (ISO 32000-1, 7.4), measured on 81 megapixels. A
 * JPEG is decoded in rows, unless it is progressive, which its filter does not say; JPEG 2000 takes four bytes a
 * component; anything else is unpacked whole, three bytes a pixel at worst.
 */
const decodedBytesPerPixel: ReadonlyMap<string, number> = new Map([
  ["DCTDecode", 0.8],
  ["CCITTFaxDecode", 0.4],
  ["JBIG2Decode", 0.4],
  ["JPXDecode", 12],
]);
const otherDecodedBytesPerPixel = 3;
const filterNameBytes = 32;

/** Counts what lies on a page, inside its form XObjects too. */
export function countObjects(library: PdfiumLibrary, page: number, pageArea: number): PageObjects {
  const { functions: pdfium } = library;
  let coveredArea = 0;
  let imageDpi: number | null = null;
  let largestImagePixels = 0;
  let decodeBytes = 0;
  let paths = 0;
  let visited = 0;

  library.withMemory(filterNameBytes, (pointer) => {
    const bounds = (object: number) => {
      if (!pdfium.FPDFPageObj_GetBounds(object, pointer, pointer + 4, pointer + 8, pointer + 12))
        return { width: 0, height: 0 };
      const [left, bottom, right, top] = [0, 4, 8, 12].map((offset) =>
        pdfium.pdfium.getValue(pointer + offset, "float"),
      );
      return { width: (right as number) - (left as number), height: (top as number) - (bottom as number) };
    };
    const imagePixels = (object: number) => {
      if (!pdfium.FPDFImageObj_GetImagePixelSize(object, pointer, pointer + 4)) return { across: 0, down: 0 };
      return {
        across: pdfium.pdfium.getValue(pointer, "i32"),
        down: pdfium.pdfium.getValue(pointer + 4, "i32"),
      };
    };

    const bytesPerPixel = (object: number) => {
      const filters = pdfium.FPDFImageObj_GetImageFilterCount(object);
      if (filters < 1) return otherDecodedBytesPerPixel;
      pdfium.FPDFImageObj_GetImageFilter(object, filters - 1, pointer, filterNameBytes);
      return decodedBytesPerPixel.get(pdfium.pdfium.UTF8ToString(pointer)) ?? otherDecodedBytesPerPixel;
    };

    /** `frame`: the bounds of the outermost form, in page units; those inside a form are in its own. */
    const visit = (object: number, depth: number, frame: { width: number; height: number } | null): void => {
      if (++visited > maxObjects) return;
      const type = pdfium.FPDFPageObj_GetType(object);
      if (type === objectType.path) paths++;
      if (type === objectType.image) {
        const { width, height } = frame ?? bounds(object);
        const { across, down } = imagePixels(object);
        const share = Math.min(1, (width * height) / pageArea);
        coveredArea += share;
        largestImagePixels = Math.max(largestImagePixels, across * down);
        decodeBytes = Math.max(decodeBytes, across * down * bytesPerPixel(object));
        if (share >= leastShareForDpi) {
          // The geometric mean serves images that are turned, too.
          const dpi = Math.sqrt((across * down) / (width * height)) * pointsPerInch;
          imageDpi = Math.max(imageDpi ?? 0, dpi);
        }
      }
      if (type === objectType.form && depth < maxFormDepth) {
        const inner = frame ?? bounds(object);
        const count = pdfium.FPDFFormObj_CountObjects(object);
        for (let index = 0; index < count && visited <= maxObjects; index++) {
          visit(pdfium.FPDFFormObj_GetObject(object, index), depth + 1, inner);
        }
      }
    };
    const count = pdfium.FPDFPage_CountObjects(page);
    for (let index = 0; index < count && visited <= maxObjects; index++) {
      visit(pdfium.FPDFPage_GetObject(page, index), 0, null);
    }
  });
  return { imageShare: Math.min(1, coveredArea), imageDpi, largestImagePixels, decodeBytes, paths };
}
