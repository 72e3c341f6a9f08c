import type { Box } from "@quire/core";
import { WordGrouper } from "../../textLayer/wordGrouper.ts";
import type { TextLayer } from "../openedDocument.ts";
import type { PdfiumLibrary } from "./pdfiumLibrary.ts";
import type { PageObjects } from "./pdfiumObjects.ts";

/** FPDF_TEXTRENDERMODE_INVISIBLE of fpdf_edit.h. */
const invisible = 3;
/** More characters than any page of print has; beyond it a page is damage or an attack. */
const maxCharacters = 200_000;
/** PDFium hands out a hyphen at a line's end as this control character. */
const lineEndHyphen = 0x02;
const lineFeed = 0x0a;
const replacementCharacter = 0xfffd;
/** Writing in outlines takes a path a letter. */
const leastPathsForDrawing = 200;
/** Steps a point, for FPDF_PageToDevice, which answers in whole numbers. */
const stepsPerPoint = 100;

interface PageSize {
  readonly widthPoints: number;
  readonly heightPoints: number;
}

/** Reads a page's own text: words with boxes in points from the top left of the page upright. */
export function readTextLayer(
  library: PdfiumLibrary,
  page: number,
  size: PageSize,
  objects: PageObjects,
): TextLayer {
  const { functions: pdfium } = library;
  const textPage = pdfium.FPDFText_LoadPage(page);
  const grouper = new WordGrouper(size);
  let printable = 0;
  let unmapped = 0;
  let hidden = 0;

  if (textPage !== 0) {
    library.withMemory(32, (pointer) => {
      const toUpright = uprightTransform(library, page, size, pointer);
      const count = Math.min(pdfium.FPDFText_CountChars(textPage), maxCharacters);
      for (let index = 0; index < count; index++) {
        const code = pdfium.FPDFText_GetUnicode(textPage, index);
        if (code === lineFeed) grouper.endLine();
        else if (code <= 0x20 && code !== lineEndHyphen) grouper.endWord();
        else if (code === 0xa0) grouper.endWord();
        else {
          printable++;
          if (isUnmapped(code) || pdfium.FPDFText_HasUnicodeMapError(textPage, index) === 1) unmapped++;
          const object = pdfium.FPDFText_GetTextObject(textPage, index);
          if (object !== 0 && pdfium.FPDFTextObj_GetTextRenderMode(object) === invisible) hidden++;
          pdfium.FPDFText_GetCharBox(textPage, index, pointer, pointer + 8, pointer + 16, pointer + 24);
          grouper.add(code === lineEndHyphen ? "-" : String.fromCodePoint(code), toUpright());
        }
      }
    });
    pdfium.FPDFText_ClosePage(textPage);
  }
  return {
    words: grouper.finish(),
    unmappedShare: printable === 0 ? 0 : unmapped / printable,
    hiddenShare: printable === 0 ? 0 : hidden / printable,
    imageShare: objects.imageShare,
    hasDrawing: objects.paths >= leastPathsForDrawing,
  };
}

/** Codes without a meaning: private use, the replacement character, the unassigned end of the plane. */
function isUnmapped(code: number): boolean {
  return code === replacementCharacter || (code >= 0xe000 && code <= 0xf8ff) || code >= 0xfff0;
}

/**
 * Makes a function that reads a character box (left, right, bottom, top: doubles, in page space) at `pointer`
 * and gives it upright. The page-to-device matrix of PDFium (crop box, /Rotate) is affine: three points tell it.
 */
function uprightTransform(library: PdfiumLibrary, page: number, size: PageSize, pointer: number): () => Box {
  const { functions: pdfium } = library;
  const { widthPoints, heightPoints } = size;
  const columns = Math.round(widthPoints * stepsPerPoint);
  const rows = Math.round(heightPoints * stepsPerPoint);
  const span = 1000;
  const device = (x: number, y: number): [number, number] => {
    pdfium.FPDF_PageToDevice(page, 0, 0, columns, rows, 0, x, y, pointer, pointer + 4);
    const heap = pdfium.pdfium;
    return [heap.getValue(pointer, "i32") / stepsPerPoint, heap.getValue(pointer + 4, "i32") / stepsPerPoint];
  };
  const [originX, originY] = device(0, 0);
  const [rightX, rightY] = device(span, 0);
  const [upX, upY] = device(0, span);
  const xx = (rightX - originX) / span;
  const xy = (rightY - originY) / span;
  const yx = (upX - originX) / span;
  const yy = (upY - originY) / span;

  return () => {
    const doubles = new DataView(pdfium.pdfium.HEAPU8.buffer, pointer, 32);
    const left = doubles.getFloat64(0, true);
    const right = doubles.getFloat64(8, true);
    const bottom = doubles.getFloat64(16, true);
    const top = doubles.getFloat64(24, true);
    const x1 = originX + xx * left + yx * bottom;
    const y1 = originY + xy * left + yy * bottom;
    const x2 = originX + xx * right + yx * top;
    const y2 = originY + xy * right + yy * top;
    return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
  };
}
