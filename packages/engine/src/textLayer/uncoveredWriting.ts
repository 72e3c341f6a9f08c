import type { TextLayerWord } from "../formats/openedDocument.ts";
import type { Bilevel } from "../raster/binarise.ts";
import { connectedShapes } from "../raster/shapes.ts";

const pointsPerInch = 72;
/** Room around a word for accents, descenders and rounding, in pixels. */
const margin = 2;
/** A letter at 100 dpi: 5 pixels (6 point) to 50 (36 point) high, and not a line. */
const letter = { leastHeight: 4, mostHeight: 50, mostWidth: 60, leastFill: 0.12, mostFill: 0.95 };

/**
 * Counts the letter-like shapes (8-connected, of a letter's size and density) on a page that no word of its
 * text layer covers.
 *
 * @param words with boxes in points
 */
export function countUncovered(page: Bilevel, dpi: number, words: readonly TextLayerWord[]): number {
  const { width, height } = page;
  const ink = unpackWithoutWords(page, dpi, words);
  let count = 0;
  for (const { left, top, right, bottom, pixels } of connectedShapes(ink, width, height)) {
    const shapeWidth = right - left + 1;
    const shapeHeight = bottom - top + 1;
    const fill = pixels / (shapeWidth * shapeHeight);
    const isLetter =
      shapeHeight >= letter.leastHeight &&
      shapeHeight <= letter.mostHeight &&
      shapeWidth <= letter.mostWidth &&
      fill >= letter.leastFill &&
      fill <= letter.mostFill;
    if (isLetter) count++;
  }
  return count;
}

/** One byte a pixel (0.9 MB for a page at 100 dpi), the words' boxes cleared. */
function unpackWithoutWords(page: Bilevel, dpi: number, words: readonly TextLayerWord[]): Uint8Array {
  const { width, height, rowBytes, bits } = page;
  const ink = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (((bits[y * rowBytes + (x >> 3)] as number) >> (7 - (x & 7))) & 1) ink[y * width + x] = 1;
    }
  }
  const scale = dpi / pointsPerInch;
  for (const { box } of words) {
    const left = Math.max(0, Math.floor(box.x * scale) - margin);
    const right = Math.min(width, Math.ceil((box.x + box.width) * scale) + margin);
    const top = Math.max(0, Math.floor(box.y * scale) - margin);
    const bottom = Math.min(height, Math.ceil((box.y + box.height) * scale) + margin);
    for (let y = top; y < bottom && left < right; y++) ink.fill(0, y * width + left, y * width + right);
  }
  return ink;
}
