import { PdfPages } from "../samples/pdfPages.ts";
import { pdfString } from "../samples/pdfWriter.ts";
import { plantedWords } from "./plantedWords.ts";

/** US letter, in points. */
const letter = { widthPoints: 612, heightPoints: 792 };
const word = plantedWords["text of a page"];

const usualLines = 30;

/** Enough of a page for its text layer to be believed, and for a recogniser to have something to do. */
function content(pageNumber: number, lines = usualLines): string {
  const line = `On page ${pageNumber} the finding of ${word} was seen again and again by the ward`;
  const shown = Array.from({ length: lines }, () => `${pdfString(line)} Tj T*`).join("\n");
  return `BT /sans 11 Tf 18 TL 72 720 Td\n${shown}\nET`;
}

/** A PDF of so many pages of text. */
export function letterPdf(pageCount: number, linesPerPage = usualLines): Buffer {
  const pdf = new PdfPages();
  for (let pageNumber = 1; pageNumber <= pageCount; pageNumber++)
    pdf.addPage({ ...letter, content: content(pageNumber, linesPerPage) });
  return pdf.finish();
}

/** The same of two pages, of which the second has a picture that is over every limit. */
export function damagedPdf(): Buffer {
  const pdf = new PdfPages();
  pdf.addPage({ ...letter, content: content(1) });
  const image = { width: 60_000, height: 60_000, data: Buffer.from(word) };
  pdf.addPage({ ...letter, content: content(2), image });
  return pdf.finish();
}

/** What begins like a PDF and is none. */
export function brokenPdf(): Buffer {
  return Buffer.from(`%PDF-1.7\n${word}\n`.repeat(40));
}

/** What is no document at all. */
export function note(): Buffer {
  return Buffer.from(`${word}\n`.repeat(40));
}
