import { createHash } from "node:crypto";
import type { WrappedPdfiumModule } from "@embedpdf/pdfium";
import type { Box } from "@quire/core";
import { openWithPdfium } from "./pdfium.ts";

/** A word as PDFium finds it; its box in points from the top left corner of the page as it is shown. */
export interface SeenWord {
  readonly text: string;
  readonly box: Box;
}

export interface SeenPage {
  readonly widthPoints: number;
  readonly heightPoints: number;
  readonly words: readonly SeenWord[];
  /** Of the page drawn. */
  readonly rasterHash: string;
}

const greyFormat = 1;
const withAnnotations = 1;
/** Of a page drawn, to be compared: coarse, for what matters is whether anything changes. */
const rasterPixels = 400;
const maxCharacters = 20_000;
/** FPDF_PageToDevice answers in whole numbers. */
const stepsPerPoint = 100;
const lineEndHyphen = 0x02;

/** The pages of a PDF as PDFium has them: what Chromium shows, selects and finds. None where it cannot open it. */
export async function readWithPdfium(
  file: Buffer,
  mostPages = Number.POSITIVE_INFINITY,
): Promise<SeenPage[]> {
  const { pdfium, document, data } = await openWithPdfium(file);
  const pages: SeenPage[] = [];
  const count = document === 0 ? 0 : Math.min(mostPages, pdfium.FPDF_GetPageCount(document));
  for (let index = 0; index < count; index++) {
    const page = pdfium.FPDF_LoadPage(document, index);
    const widthPoints = page === 0 ? 0 : pdfium.FPDF_GetPageWidthF(page);
    const heightPoints = page === 0 ? 0 : pdfium.FPDF_GetPageHeightF(page);
    const size = { widthPoints, heightPoints };
    const empty = !(widthPoints > 0 && heightPoints > 0);
    pages.push({
      ...size,
      words: empty ? [] : wordsOf(pdfium, page, size),
      rasterHash: empty ? "" : drawn(pdfium, page, size),
    });
    if (page !== 0) pdfium.FPDF_ClosePage(page);
  }
  if (document !== 0) pdfium.FPDF_CloseDocument(document);
  pdfium.pdfium.wasmExports.free(data);
  return pages;
}

interface Size {
  readonly widthPoints: number;
  readonly heightPoints: number;
}

function wordsOf(pdfium: WrappedPdfiumModule, page: number, size: Size): SeenWord[] {
  const textPage = pdfium.FPDFText_LoadPage(page);
  if (textPage === 0) return [];
  const words: SeenWord[] = [];
  let text = "";
  let corners: [x: number, y: number][] = [];
  const endWord = () => {
    if (text !== "") words.push({ text, box: boxAround(corners) });
    text = "";
    corners = [];
  };
  const memory = pdfium.pdfium.wasmExports.malloc(32);
  const count = Math.min(maxCharacters, pdfium.FPDFText_CountChars(textPage));
  for (let index = 0; index < count; index++) {
    const code = pdfium.FPDFText_GetUnicode(textPage, index);
    if (code <= 0x20 && code !== lineEndHyphen) {
      endWord();
      continue;
    }
    pdfium.FPDFText_GetCharBox(textPage, index, memory, memory + 8, memory + 16, memory + 24);
    const [left = 0, right = 0, bottom = 0, top = 0] = new Float64Array(
      pdfium.pdfium.HEAPU8.slice(memory, memory + 32).buffer,
    );
    text += code === lineEndHyphen ? "-" : String.fromCodePoint(code);
    corners.push(shown(pdfium, page, size, left, bottom), shown(pdfium, page, size, right, top));
  }
  endWord();
  pdfium.pdfium.wasmExports.free(memory);
  pdfium.FPDFText_ClosePage(textPage);
  return words;
}

function shown(
  pdfium: WrappedPdfiumModule,
  page: number,
  { widthPoints, heightPoints }: Size,
  x: number,
  y: number,
): [x: number, y: number] {
  const memory = pdfium.pdfium.wasmExports.malloc(8);
  const [width, height] = [widthPoints, heightPoints].map((points) => Math.round(points * stepsPerPoint));
  pdfium.FPDF_PageToDevice(page, 0, 0, width ?? 0, height ?? 0, 0, x, y, memory, memory + 4);
  const [left = 0, top = 0] = new Int32Array(pdfium.pdfium.HEAPU8.slice(memory, memory + 8).buffer);
  pdfium.pdfium.wasmExports.free(memory);
  return [left / stepsPerPoint, top / stepsPerPoint];
}

function boxAround(corners: readonly [x: number, y: number][]): Box {
  const x = Math.min(...corners.map(([left]) => left));
  const y = Math.min(...corners.map(([, top]) => top));
  const right = Math.max(...corners.map(([left]) => left));
  const bottom = Math.max(...corners.map(([, top]) => top));
  return { x, y, width: right - x, height: bottom - y };
}

function drawn(pdfium: WrappedPdfiumModule, page: number, { widthPoints, heightPoints }: Size): string {
  const scale = rasterPixels / Math.max(widthPoints, heightPoints);
  const width = Math.max(1, Math.round(widthPoints * scale));
  const height = Math.max(1, Math.round(heightPoints * scale));
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, greyFormat, 0, 0);
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, withAnnotations);
  const start = pdfium.FPDFBitmap_GetBuffer(bitmap);
  const bytes = pdfium.FPDFBitmap_GetStride(bitmap) * height;
  const hash = createHash("sha256")
    .update(pdfium.pdfium.HEAPU8.subarray(start, start + bytes))
    .digest("hex");
  pdfium.FPDFBitmap_Destroy(bitmap);
  return hash;
}
