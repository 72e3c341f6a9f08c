import { dilate, erode, paperLevel, type TileGrid, type Tiles } from "./tiles.ts";

/**
 * The brightness of the paper behind each tile of a page: shaded table headers, stains and the falling light
 * of a photo are in it, the writing is not. A picture counts as dark on paper, so that it becomes a blot, which
 * Tesseract skips, rather than lines, in which it finds words.
 */
export interface Background extends TileGrid {
  /** Grey level of each tile, row by row. */
  readonly levels: Uint8Array;
}

/** @param pictures 1 for the tiles of pictures */
export function estimateBackground(tiles: Tiles, pictures: Uint8Array): Background {
  const { tileSize, columns, rows, bright } = tiles;
  // Closing removes dark spots under three tiles (letters of a headline); the further erosion carries a
  // shaded area one tile outwards, so that its edge is not thresholded by the white beside it.
  const closed = erode(dilate(bright, tiles, 1), tiles, 2);
  if (pictures.includes(1)) {
    const paper = paperLevel(tiles);
    for (const [tile, picture] of pictures.entries()) if (picture === 1) closed[tile] = paper;
  }
  return { tileSize, columns, rows, levels: closed };
}
