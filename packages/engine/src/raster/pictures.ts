import { connectedAreas, dilate, erode, paperLevel, type TileGrid, type Tiles } from "./tiles.ts";

/** Darker than this share of the paper is shaded: a bar, a shadow or a picture. */
const shaded = 0.9;
/** Smaller than this many tiles (12 mm × 12 mm) is a symbol, or a heading's shading. */
const leastPictureTiles = 144;
/** More than this share of the page is not a picture on a page: what is written in it is what there is to read. */
const mostOfPage = 0.5;
/** Neighbouring tiles of a bar, a shadow or a fold differ by less than this many levels, but for the edges. */
const step = 16;
/** The share of neighbours that differ by a step: up to 0.08 in bars and on shadowed paper, from 0.11 in pictures. */
const leastPictureSteps = 0.1;

/** The tiles of pictures as 1: shaded areas whose levels change from tile to tile. */
export function findPictures(tiles: Tiles): Uint8Array {
  const paper = paperLevel(tiles);
  const closed = erode(dilate(tiles.bright, tiles, 1), tiles, 1);
  const dark = closed.map((level) => (level < paper * shaded ? 1 : 0));
  const broad = dilate(erode(dark, tiles, 2), tiles, 2);
  const pictures = new Uint8Array(dark.length);
  for (const area of connectedAreas(broad, tiles)) {
    if (area.length < leastPictureTiles || area.length > pictures.length * mostOfPage) continue;
    if (shareOfSteps(closed, area, tiles) < leastPictureSteps) continue;
    for (const tile of area) pictures[tile] = 1;
  }
  // Their edges as well, whose background is darkened by the picture within.
  return dilate(pictures, tiles, 1);
}

function shareOfSteps(levels: Uint8Array, area: readonly number[], { columns }: TileGrid): number {
  const inArea = new Set(area);
  let steps = 0;
  let pairs = 0;
  for (const tile of area) {
    for (const next of [tile + 1, tile + columns]) {
      if (!inArea.has(next)) continue;
      pairs++;
      if (Math.abs((levels[tile] as number) - (levels[next] as number)) >= step) steps++;
    }
  }
  return steps / pairs;
}
