import type { GreyRaster } from "../raster/greyRaster.ts";

const black = 0;
const white = 255;
/** What a pixel counts, and each of its two neighbours: a bell curve with a deviation of three quarters of a pixel. */
const own = 0.42;
const beside = 0.29;

/**
 * Gives a page of black and white alone, such as a fax, the grey edges that a scan has; in place. Turned as it is, its
 * letters become ragged and its grey bars, which are printed in dots, a coarse pattern (docs/decisions/0015).
 */
export function softenEdges({ width, height, pixels }: GreyRaster): void {
  if (!pixels.every((level) => level === black || level === white)) return;
  const rowAt = (y: number) => pixels.subarray(y * width, (y + 1) * width);
  // Each row is softened along before the one above it is written; at the edges the page goes on as it ends.
  let above = softenedAlong(rowAt(0), new Float64Array(width));
  let here = above.slice();
  let below = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    softenedAlong(rowAt(Math.min(y + 1, height - 1)), below);
    const row = rowAt(y);
    for (let x = 0; x < width; x++) {
      const neighbours = (above[x] as number) + (below[x] as number);
      row[x] = Math.round(own * (here[x] as number) + beside * neighbours);
    }
    [above, here, below] = [here, below, above];
  }
}

function softenedAlong(row: Uint8Array, softened: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const last = row.length - 1;
  for (let x = 0; x <= last; x++) {
    const left = row[Math.max(x - 1, 0)] as number;
    const right = row[Math.min(x + 1, last)] as number;
    softened[x] = own * (row[x] as number) + beside * (left + right);
  }
  return softened;
}
