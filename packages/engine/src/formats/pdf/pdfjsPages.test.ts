import { openWithPdfjs } from "./pdfjsPages.ts";
import { testPdfPages } from "./pdfPages.contract.ts";

testPdfPages("pdf.js", openWithPdfjs);
