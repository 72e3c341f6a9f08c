import { GlobalWorkerOptions, getDocument, type PDFDocumentLoadingTask } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { access } from "../api/access.ts";
import type { DocumentAnswer } from "../api/answers.ts";
import { documentPath } from "../api/documents.ts";
import { FetchedRanges } from "./FetchedRanges.ts";

/** What is asked for at a time: a page of a scan has about as much. */
const rangeBytes = 256 * 1_024;
/** Where vite.config.ts puts what pdf.js loads by name. */
const partsUrl = new URL("/pdfjs/", document.baseURI).href;

/**
 * Opens the original of a document with pdf.js, which fetches of it only what the pages in view need.
 * @param onBroken when a part of it cannot be had any more
 */
export function openPdf(
  { id, sizeBytes }: Pick<DocumentAnswer, "id" | "sizeBytes">,
  onBroken: (error: unknown) => void,
): PDFDocumentLoadingTask {
  GlobalWorkerOptions.workerSrc = workerUrl;
  const path = documentPath(id, "/original?inline=1");
  // Headers that pdf.js is given are those of its first request for ever; a token lasts an hour.
  const source =
    access().inPlaceOfLinks === null
      ? { url: path }
      : { range: new FetchedRanges(path, sizeBytes, onBroken) };
  return getDocument({
    ...source,
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
