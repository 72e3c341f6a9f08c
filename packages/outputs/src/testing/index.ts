export { writePdf } from "../pdf/writePdf.ts";
export { readWithPdfium, type SeenPage, type SeenWord } from "./pdfiumReader.ts";
export { readWithPdfjs, type SeenDocument } from "./pdfjsReader.ts";
export { missing, type PopplerWord, popplerTexts, popplerWords, tell } from "./poppler.ts";
