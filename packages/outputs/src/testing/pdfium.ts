import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { init, type WrappedPdfiumModule } from "@embedpdf/pdfium";

let library: Promise<WrappedPdfiumModule> | undefined;

async function load(): Promise<WrappedPdfiumModule> {
  const wasm = await readFile(createRequire(import.meta.url).resolve("@embedpdf/pdfium/pdfium.wasm"));
  const pdfium = await init({ wasmBinary: new Uint8Array(wasm).buffer, print() {}, printErr() {} });
  pdfium.PDFiumExt_Init();
  return pdfium;
}

/** A PDF opened with PDFium, which is loaded once. `document` is 0 where it cannot be opened; `data` is to be freed. */
export async function openWithPdfium(
  pdf: Buffer,
): Promise<{ readonly pdfium: WrappedPdfiumModule; readonly document: number; readonly data: number }> {
  library ??= load();
  const pdfium = await library;
  const data = pdfium.pdfium.wasmExports.malloc(pdf.length);
  pdfium.pdfium.HEAPU8.set(pdf, data);
  return { pdfium, document: pdfium.FPDF_LoadMemDocument(data, pdf.length, ""), data };
}
