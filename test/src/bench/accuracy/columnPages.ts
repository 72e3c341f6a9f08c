import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openGrey } from "../../samples/greyImage.ts";
import { PdfPages } from "../../samples/pdfPages.ts";
import { pdfString } from "../../samples/pdfWriter.ts";
import { scan } from "../../samples/scanner.ts";
import { type SeededNoise, seededNoise } from "../../samples/seededNoise.ts";
import { rasterisePdf } from "../rasterisePdf.ts";
import { columnSentences } from "./columnSentences.ts";

const letter = { widthPoints: 612, heightPoints: 792 };
const margin = 54;
/** A character of Helvetica is about so wide, by the size of the font. */
const widthByFontSize = 0.5;
const leading = 1.25;

/** A page of two columns as a scan, and its text: the heading, the left column, the right one. */
export interface ColumnPage {
  readonly path: string;
  readonly text: string;
}

const layouts = [
  { fontSize: 10, gutter: 18, heading: true, dpi: 300, skewDegrees: 0 },
  { fontSize: 9, gutter: 14, heading: true, dpi: 300, skewDegrees: 0.3 },
  { fontSize: 11, gutter: 24, heading: false, dpi: 300, skewDegrees: -0.4 },
  { fontSize: 10, gutter: 16, heading: false, dpi: 200, skewDegrees: 0 },
  { fontSize: 9.5, gutter: 20, heading: true, dpi: 200, skewDegrees: 0.2 },
  { fontSize: 12, gutter: 22, heading: true, dpi: 200, skewDegrees: -0.2 },
] as const;

/** Makes scans of pages in two columns, the same in every run. */
export async function drawColumnPages(folder: string): Promise<ColumnPage[]> {
  const pages: ColumnPage[] = [];
  for (const [index, layout] of layouts.entries()) {
    const noise = seededNoise(index + 1);
    const columnWidth = (letter.widthPoints - 2 * margin - layout.gutter) / 2;
    const heading = layout.heading ? "Proceedings of the Ward Conference" : "";
    const top = letter.heightPoints - margin - (heading === "" ? 0 : 40);
    const lineCount = Math.floor((top - margin) / (layout.fontSize * leading));
    const columns = [0, 1].map(() =>
      linesOf(noise, Math.floor(columnWidth / (layout.fontSize * widthByFontSize)), lineCount),
    );
    const drawn = columns.map((lines, column) =>
      textBlock(lines, layout.fontSize, margin + column * (columnWidth + layout.gutter), top),
    );
    const head = heading === "" ? "" : textBlock([heading], 18, margin, letter.heightPoints - margin);
    const pdf = new PdfPages();
    pdf.addPage({ ...letter, content: [head, ...drawn].join("\n") });
    const [sheet] = await rasterisePdf(pdf.finish(), layout.dpi);
    if (!sheet) throw new Error("a page could not be drawn");
    const path = join(folder, `columns-${index + 1}.png`);
    const wear = { seed: index + 1, skewDegrees: layout.skewDegrees, noise: 6, specks: 20 };
    const png = openGrey(scan(sheet, wear)).withMetadata({ density: layout.dpi });
    writeFileSync(path, await png.png({ compressionLevel: 3 }).toBuffer());
    pages.push({ path, text: [heading, ...columns.flat()].join("\n").trim() });
  }
  return pages;
}

function linesOf(noise: SeededNoise, maxCharacters: number, count: number): string[] {
  const lines: string[] = [];
  let line = "";
  while (lines.length < count) {
    const sentence = columnSentences[Math.floor(noise.even() * columnSentences.length)] as string;
    for (const word of sentence.split(" ")) {
      if (line.length + word.length >= maxCharacters) {
        lines.push(line);
        line = "";
      }
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return lines.slice(0, count);
}

function textBlock(lines: readonly string[], fontSize: number, x: number, top: number): string {
  const shown = lines.map((line) => `${pdfString(line)} Tj T*`).join("\n");
  return `BT /sans ${fontSize} Tf ${fontSize * leading} TL ${x} ${top - fontSize} Td\n${shown}\nET`;
}
