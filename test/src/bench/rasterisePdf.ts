import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { init, type WrappedPdfiumModule } from "@embedpdf/pdfium";
import type { GreyImage } from "../samples/greyImage.ts";

const pointsPerInch = 72;
const greyFormat = 1;
const withAnnotations = 1;
const white = 0xffffffff;

let library: Promise<WrappedPdfiumModule> | undefined;

/** Draws the pages of a PDF with PDFium, in grey. @throws Error if it cannot be opened */
export async function rasterisePdf(pdf: Uint8Array, dpi: number): Promise<GreyImage[]> {
  library ??= loadPdfium();
  const functions = await library;
  const data = functions.pdfium.wasmExports.malloc(pdf.length);
  functions.pdfium.HEAPU8.set(pdf, data);
  const document = functions.FPDF_LoadMemDocument(data, pdf.length, "");
  if (document === 0) throw new Error("PDFium cannot open the PDF.");
  const images = Array.from({ length: functions.FPDF_GetPageCount(document) }, (_, index) => {
    const page = functions.FPDF_LoadPage(document, index);
    const image = draw(functions, page, dpi / pointsPerInch);
    functions.FPDF_ClosePage(page);
    return image;
  });
  functions.FPDF_CloseDocument(document);
  functions.pdfium.wasmExports.free(data);
  return images;
}

function draw(functions: WrappedPdfiumModule, page: number, scale: number): GreyImage {
  const width = Math.round(functions.FPDF_GetPageWidthF(page) * scale);
  const height = Math.round(functions.FPDF_GetPageHeightF(page) * scale);
  const bitmap = functions.FPDFBitmap_CreateEx(width, height, greyFormat, 0, 0);
  functions.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white);
  functions.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, withAnnotations);
  const start = functions.FPDFBitmap_GetBuffer(bitmap);
  const stride = functions.FPDFBitmap_GetStride(bitmap);
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = start + row * stride;
    pixels.set(functions.pdfium.HEAPU8.subarray(from, from + width), row * width);
  }
  functions.FPDFBitmap_Destroy(bitmap);
  return { width, height, pixels };
}

async function loadPdfium(): Promise<WrappedPdfiumModule> {
  const wasm = await readFile(createRequire(import.meta.url).resolve("@embedpdf/pdfium/pdfium.wasm"));
  const pdfium = await init({ wasmBinary: new Uint8Array(wasm).buffer, print() {}, printErr() {} });
  pdfium.PDFiumExt_Init();
  return pdfium;
}
