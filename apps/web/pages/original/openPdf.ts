import { GlobalWorkerOptions, getDocument, type PDFDocumentLoadingTask } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { documentPath } from "../api/documents.ts";

/** What is asked for at a time: a page of a scan has about as much. */
const rangeBytes = 256 * 1_024;
/** Where vite.config.ts puts what pdf.js loads by name. */
const partsUrl = new URL("/pdfjs/", document.baseURI).href;

/** Opens the original of a document with pdf.js, which fetches of it only what the pages in view need. */
export function openPdf(documentId: string): PDFDocumentLoadingTask {
  GlobalWorkerOptions.workerSrc = workerUrl;
  return getDocument({
    url: documentPath(documentId, "/original?inline=1"),
    rangeChunkSize: rangeBytes,
    disableAutoFetch: true,
    disableStream: true,
    // Our policy allows no WebAssembly; the decoders are there in plain JavaScript.
    useWasm: false,
    wasmUrl: `${partsUrl}wasm/`,
    cMapUrl: `${partsUrl}cmaps/`,
    standardFontDataUrl: `${partsUrl}standard_fonts/`,
    // Forms with scripts of their own are not for a stranger's file.
    enableXfa: false,
  });
}
