import sharp from "sharp";
import type { Sheet } from "./sheet.ts";

/** The first part of a file, as a broken upload leaves it. */
export function cut(data: Buffer, share: number): Buffer {
  return data.subarray(0, Math.floor(data.length * share));
}

/** A PDF whose cross-reference table and its offset are overwritten; the objects and the trailer are whole. */
export function withoutXref(pdf: Buffer): Buffer {
  const text = pdf.toString("latin1");
  const table = text.lastIndexOf("\nxref\n") + 1;
  const trailer = text.indexOf("trailer", table);
  const start = text.indexOf("startxref", trailer);
  const blotted = (part: string) => part.replace(/[^\n]/g, "#");
  const damaged = [
    text.slice(0, table),
    blotted(text.slice(table, trailer)),
    text.slice(trailer, start),
    blotted(text.slice(start)),
  ];
  return Buffer.from(damaged.join(""), "latin1");
}

/** Rows that differ by less than this are what the decoder fills in for lost data. */
const leastVariation = 12;

/** The text of a sheet that is still to be seen in a cut picture of it, line by line. */
export async function readablePart(picture: Buffer, sheet: Sheet): Promise<string> {
  const { data, info } = await sharp(picture, { failOn: "none" })
    .toColourspace("b-w")
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  let lastRow = info.height - 1;
  while (
    lastRow > 0 &&
    variation(data.subarray(lastRow * info.width, (lastRow + 1) * info.width)) < leastVariation
  ) {
    lastRow--;
  }
  // The picture shows the sheet nearly from edge to edge.
  const seenPoints = (lastRow / info.height) * sheet.heightPoints;
  const lines = sheet.marks.flatMap((mark) =>
    mark.kind === "text" && mark.baseline < seenPoints ? [mark.text] : [],
  );
  return `${lines.join("\n")}\n`;
}

function variation(row: Uint8Array): number {
  return (
    row.reduce((most, level) => Math.max(most, level), 0) -
    row.reduce((least, level) => Math.min(least, level), 255)
  );
}
