import { countLevels, levelOf } from "../raster/levels.ts";
import { type LineImage, lineHeight } from "./lineImage.ts";

/** Where a line image has ink. */
export interface LineInk {
  /** 1 for each pixel of ink, ruling lines left out. */
  readonly pixels: Uint8Array;
  /** Pixels of ink in each column, the outer rows left out. */
  readonly columns: Uint8Array;
}

/** A range of columns, `end` not included. */
export interface Columns {
  readonly start: number;
  readonly end: number;
}

/** Ink is nearer than this share to the level of the darkest (or lightest) 2 % of pixels. */
const inkShare = 0.45;
const extremeShare = 0.02;
/** Of a row of pixels, more ink than this is a ruling line or an underline. */
const rulingShare = 0.8;
/** Rows at the top and foot that belong to neighbouring lines or frames rather than to this one's letters. */
const trimmedRows = 5;

/** Finds the ink of a line, dark on light or light on dark. */
export function findLineInk({ width, pixels }: LineImage): LineInk {
  const { threshold, darker } = inkThreshold(pixels);
  const ink = new Uint8Array(pixels.length);
  const columns = new Uint8Array(width);
  for (let row = 0; row < lineHeight; row++) {
    let count = 0;
    for (let at = row * width; at < (row + 1) * width; at++) {
      if (darker ? (pixels[at] as number) < threshold : (pixels[at] as number) > threshold) {
        ink[at] = 1;
        count++;
      }
    }
    if (count > rulingShare * width) ink.fill(0, row * width, (row + 1) * width);
  }
  for (let row = trimmedRows; row < lineHeight - trimmedRows; row++) {
    for (let column = 0; column < width; column++)
      columns[column] = (columns[column] as number) + (ink[row * width + column] as number);
  }
  return { pixels: ink, columns };
}

function inkThreshold(pixels: Uint8Array): { threshold: number; darker: boolean } {
  const counts = countLevels(pixels);
  // The lowest level that more than this share of the pixels reach.
  const levelAt = (share: number) => levelOf(counts, Math.floor(pixels.length * share) + 1);
  const ground = levelAt(0.5);
  const darkest = levelAt(extremeShare);
  const lightest = levelAt(1 - extremeShare);
  const darker = ground - darkest >= lightest - ground;
  const extreme = darker ? darkest : lightest;
  return { threshold: extreme + (ground - extreme) * inkShare, darker };
}

/** The widest run of columns without ink within a range; null where every column has some. */
export function widestGap({ columns }: LineInk, { start, end }: Columns): Columns | null {
  let best: Columns | null = null;
  let first = -1;
  for (let column = Math.max(0, start); column <= Math.min(columns.length, end); column++) {
    const blank = column < Math.min(columns.length, end) && columns[column] === 0;
    if (blank && first < 0) first = column;
    if (!blank && first >= 0) {
      if (!best || column - first > best.end - best.start) best = { start: first, end: column };
      first = -1;
    }
  }
  return best;
}
