import type { GreyRaster } from "./greyRaster.ts";

/**
 * The brightness of the paper behind each tile of a page: shaded table headers, stains and the falling light
 * of a photo are in it, the writing is not.
 */
export interface Background {
  /** Side of a tile in pixels, a multiple of 8 so that a byte of a packed row lies in one tile. */
  readonly tileSize: number;
  readonly columns: number;
  readonly rows: number;
  /** Grey level of each tile, row by row. */
  readonly levels: Uint8Array;
}

/** Tiles of about 1 mm: smaller than the shaded bar of a form, larger than the strokes of body text. */
const tileInches = 0.04;
/** The paper is taken from the brightest 15 % of a tile: writing rarely covers more than the rest. */
const brightShare = 0.15;
/** Histograms of 32 levels are exact enough for a background and eight times cheaper to scan. */
const levelShift = 3;

export function estimateBackground(raster: GreyRaster): Background {
  const tileSize = Math.max(8, Math.round((tileInches * raster.dpi) / 8) * 8);
  const columns = Math.ceil(raster.width / tileSize);
  const rows = Math.ceil(raster.height / tileSize);
  const levels = new Uint8Array(columns * rows);

  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      levels[row * columns + column] = brightLevel(raster, column * tileSize, row * tileSize, tileSize);
    }
  }

  // Closing removes dark spots under three tiles (letters of a headline); the further erosion carries a
  // shaded area one tile outwards, so that its edge is not thresholded by the white beside it.
  const closed = filterSquare(filterSquare(levels, columns, rows, 1, Math.max), columns, rows, 2, Math.min);
  return { tileSize, columns, rows, levels: closed };
}

function brightLevel(raster: GreyRaster, left: number, top: number, size: number): number {
  const { width, height, pixels } = raster;
  const right = Math.min(left + size, width);
  const bottom = Math.min(top + size, height);
  histogram.fill(0);
  for (let y = top; y < bottom; y++) {
    const end = y * width + right;
    for (let index = y * width + left; index < end; index++) {
      histogram[(pixels[index] as number) >> levelShift]!++;
    }
  }
  const wanted = (right - left) * (bottom - top) * brightShare;
  let seen = 0;
  for (let level = histogram.length - 1; level > 0; level--) {
    seen += histogram[level] as number;
    if (seen >= wanted) return (level << levelShift) | ((1 << levelShift) - 1);
  }
  return (1 << levelShift) - 1;
}

/** Scratch space of {@link brightLevel}, which runs 60,000 times a page. */
const histogram = new Uint16Array(256 >> levelShift);

/** The minimum or maximum over the square of `radius` around each tile, as two one-dimensional passes. */
function filterSquare(
  levels: Uint8Array,
  columns: number,
  rows: number,
  radius: number,
  choose: (a: number, b: number) => number,
): Uint8Array {
  const across = new Uint8Array(levels.length);
  const result = new Uint8Array(levels.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let level = levels[row * columns + column] as number;
      const last = Math.min(columns - 1, column + radius);
      for (let near = Math.max(0, column - radius); near <= last; near++) {
        level = choose(level, levels[row * columns + near] as number);
      }
      across[row * columns + column] = level;
    }
  }
  for (let row = 0; row < rows; row++) {
    const last = Math.min(rows - 1, row + radius);
    for (let column = 0; column < columns; column++) {
      let level = across[row * columns + column] as number;
      for (let near = Math.max(0, row - radius); near <= last; near++) {
        level = choose(level, across[near * columns + column] as number);
      }
      result[row * columns + column] = level;
    }
  }
  return result;
}
