import { pdfString } from "./pdfWriter.ts";
import type { Face, Mark, Sheet } from "./sheet.ts";

/** The standard fonts (ISO 32000-1, 9.6.2.2), which every reader has: nothing is embedded. */
export const pdfFonts: Record<Face, string> = {
  sans: "Helvetica",
  sansBold: "Helvetica-Bold",
  serif: "Times-Roman",
  serifBold: "Times-Bold",
  mono: "Courier",
};

const ruleWidthPoints = 0.8;

/** The drawing operators of a sheet, for a page whose origin is at the bottom left. */
export function sheetContent({ marks, heightPoints }: Sheet): string {
  return marks.map((mark) => operators(mark, heightPoints)).join("\n");
}

/** A text layer that is in the file and not to be seen: rendering mode 3, as OCR programs write it. */
export function invisibleContent(sheet: Sheet): string {
  return `BT 3 Tr ET\n${sheetContent(sheet)}`;
}

function operators(mark: Mark, height: number): string {
  switch (mark.kind) {
    case "text":
      return (
        `BT ${level(mark.grey)} g /${mark.face} ${mark.size} Tf ` +
        `${number(mark.x)} ${number(height - mark.baseline)} Td ${pdfString(mark.text)} Tj ET`
      );
    case "bar": {
      const bottom = height - mark.y - mark.height;
      return `${level(mark.grey)} g ${number(mark.x)} ${number(bottom)} ${number(mark.width)} ${number(mark.height)} re f`;
    }
    case "rule": {
      const [from, to] = [mark.from, mark.to].map(([x, y]) => `${number(x)} ${number(height - y)}`);
      return `${ruleWidthPoints} w ${from} m ${to} l S`;
    }
  }
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function level(grey: number): string {
  return number(grey / 255);
}
