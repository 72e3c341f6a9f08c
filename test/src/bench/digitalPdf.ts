import { writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import type { BenchDocument } from "./documents.ts";

const linesPerPage = 35;
const vocabulary =
  "the patient was seen on ward four with stable signs and no fever after dose review blood count within range";

/** Writes a digital PDF of US letter pages of 350 words each in Helvetica, and returns it with its truth. */
export function writeDigitalPdf(path: string, pageCount: number): BenchDocument {
  const pages = Array.from({ length: pageCount }, (_, index) => pageLines(index + 1));
  writeFileSync(path, pdf(pages));
  return { path, truths: [{ pages: null, text: pages.flat().join("\n"), oneReadingOrder: true }] };
}

/** Lines of ten words; two of each are numbers, so that no two pages are the same. */
function pageLines(pageNumber: number): string[] {
  const words = vocabulary.split(" ");
  return Array.from({ length: linesPerPage }, (_, line) => {
    const eight = Array.from(
      { length: 8 },
      (_, word) => words[(line * 8 + word + pageNumber) % words.length],
    );
    return [...eight, `P${pageNumber}`, `L${line + 1}`].join(" ");
  });
}

/** The file: catalogue, page tree and font, then each page with its content (ISO 32000-1, 7.5). */
function pdf(pages: readonly (readonly string[])[]): Buffer {
  const firstPageObject = 4;
  const pageObject = (index: number) => firstPageObject + 2 * index;
  const kids = pages.map((_, index) => `${pageObject(index)} 0 R`).join(" ");
  const objects: Buffer[] = [
    Buffer.from("<< /Type /Catalog /Pages 2 0 R >>"),
    Buffer.from(`<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`),
    Buffer.from("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"),
  ];
  for (const [index, lines] of pages.entries()) {
    const resources = "<< /Font << /F1 3 0 R >> >>";
    const content = deflateSync(
      `BT /F1 11 Tf 18 TL 72 720 Td ${lines.map((line) => `(${line}) Tj T*`).join("\n")} ET`,
    );
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources ${resources} /Contents ${pageObject(index) + 1} 0 R >>`,
      ),
      Buffer.concat([
        Buffer.from(`<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`),
        content,
        Buffer.from("\nendstream"),
      ]),
    );
  }
  return file(objects);
}

/** Numbers the objects, and writes the table of where each begins. */
function file(objects: readonly Buffer[]): Buffer {
  const parts = [Buffer.from("%PDF-1.7\n")];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from("\nendobj\n")]);
    offsets.push(length);
    length += part.length;
    parts.push(part);
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
