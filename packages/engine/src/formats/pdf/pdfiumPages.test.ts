import { openWithPdfium } from "./pdfiumPages.ts";
import { testPdfPages } from "./pdfPages.contract.ts";

testPdfPages("PDFium", openWithPdfium);
