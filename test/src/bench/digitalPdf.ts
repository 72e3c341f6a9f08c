import { writeFileSync } from "node:fs";
import { PdfPages } from "../samples/pdfPages.ts";
import { pdfString } from "../samples/pdfWriter.ts";
import type { BenchDocument } from "./documents.ts";

/** US letter, in points. */
const letter = { widthPoints: 612, heightPoints: 792 };
const vocabulary =
  "the patient was seen on ward four with stable signs and no fever after dose review blood count within range";

/** Writes a digital PDF of pages of ten words a line in Helvetica, and returns it with its truth. */
export function writeDigitalPdf(
  path: string,
  pageCount: number,
  { linesPerPage, heightPoints } = { linesPerPage: 35, heightPoints: letter.heightPoints },
): BenchDocument {
  const pages = Array.from({ length: pageCount }, (_, index) => pageLines(index + 1, linesPerPage));
  const pdf = new PdfPages();
  for (const lines of pages) {
    const shown = lines.map((line) => `${pdfString(line)} Tj T*`).join("\n");
    const content = `BT /sans 11 Tf 18 TL 72 ${heightPoints - 72} Td\n${shown}\nET`;
    pdf.addPage({ widthPoints: letter.widthPoints, heightPoints, content });
  }
  writeFileSync(path, pdf.finish());
  return {
    path,
    truths: [{ name: "digital", pages: null, text: pages.flat().join("\n"), oneReadingOrder: true }],
  };
}

/** Lines of ten words; two of each are numbers, so that no two pages are the same. */
function pageLines(pageNumber: number, linesPerPage: number): string[] {
  const words = vocabulary.split(" ");
  return Array.from({ length: linesPerPage }, (_, line) => {
    const eight = Array.from(
      { length: 8 },
      (_, word) => words[(line * 8 + word + pageNumber) % words.length],
    );
    return [...eight, `P${pageNumber}`, `L${line + 1}`].join(" ");
  });
}
