import type { Bilevel } from "../../raster/binarise.ts";

/** A page's ink in coarse cells, in which the letters of a word run together and its lines do not. */
export interface InkGrid {
  /** Side of a cell in pixels. */
  readonly cellPixels: number;
  readonly columns: number;
  readonly rows: number;
  /** 1 where there is ink, row by row. */
  readonly cells: Uint8Array;
}

/** Cells of half a millimetre: body text has about 4 of them from the top of an x to its foot, lines lie 8 apart. */
export const cellsPerInch = 50;
/** Of the pixels of a cell, so many are ink: less is a speck, or the edge of a letter. */
const minInkShare = 0.12;

/** @param dpi resolution of the page */
export function gridOfInk({ width, height, rowBytes, bits }: Bilevel, dpi: number): InkGrid {
  const cellPixels = Math.max(1, Math.round(dpi / cellsPerInch));
  const columns = Math.ceil(width / cellPixels);
  const rows = Math.ceil(height / cellPixels);
  const cells = new Uint8Array(columns * rows);
  const columnOf = Uint16Array.from({ length: rowBytes * 8 }, (_, x) => Math.floor(x / cellPixels));
  const counts = new Uint16Array(columns + 8);
  const least = Math.max(1, Math.ceil(minInkShare * cellPixels * cellPixels));
  for (let row = 0; row < rows; row++) {
    counts.fill(0);
    const lastY = Math.min((row + 1) * cellPixels, height);
    for (let y = row * cellPixels; y < lastY; y++) {
      const start = y * rowBytes;
      for (let byte = 0; byte < rowBytes; byte++) {
        const packed = bits[start + byte] as number;
        if (packed === 0) continue;
        for (let bit = 0; bit < 8; bit++) {
          if ((packed & (128 >> bit)) === 0) continue;
          const column = columnOf[byte * 8 + bit] as number;
          counts[column] = (counts[column] as number) + 1;
        }
      }
    }
    for (let column = 0; column < columns; column++) {
      if ((counts[column] as number) >= least) cells[row * columns + column] = 1;
    }
  }
  return { cellPixels, columns, rows, cells };
}
