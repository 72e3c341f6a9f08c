import type { GreyRaster } from "./greyRaster.ts";
import { connectedAreas, dilate, erode, measureTile, type Tiles } from "./tiles.ts";

/** A tile whose median is under this lies on dark ground, or is filled by writing. */
const darkMedian = 90;
/** Fewer tiles than a short word on a bar are no area. */
const leastTiles = 24;
/** At least this share of a bar's tiles is dark all over; bold writing has none that are, or single ones. */
const leastSolid = 0.3;
/** Writing lies this far, in levels, from its ground. */
const writingContrast = 60;
/** The share of an area that is light writing: less is speckle, more is no dark area. */
const lightWriting = { least: 0.02, most: 0.5 };

/**
 * Turns white writing on dark bars into black on white, in place: the raster is ours, and its tiles are
 * measured anew. Dark areas with darker writing, or none, stay as they are, and so do pictures.
 */
export function invertDarkAreas(raster: GreyRaster, tiles: Tiles, pictures: Uint8Array): void {
  const areas = findDarkAreas(tiles);
  for (const area of areas) {
    if (area.some((tile) => pictures[tile]) || !hasLightWriting(raster, tiles, area)) continue;
    const inArea = new Set(area);
    for (const tile of area) {
      const { columns } = tiles;
      const atEdge = [tile - 1, tile + 1, tile - columns, tile + columns].some((near) => !inArea.has(near));
      // Beside a bar there is white paper, which must not turn into a black line.
      forEachPixel(raster, tiles, tile, (level) => (atEdge ? 255 : 255 - level));
      measureTile(raster, tiles, tile);
    }
  }
}

/** Connected areas of dark tiles, holes of the size of letters filled and strokes of headlines left out. */
function findDarkAreas(tiles: Tiles): number[][] {
  const { median } = tiles;
  const found = median.map((level) => (level < darkMedian ? 1 : 0));
  if (found.reduce((sum, one) => sum + one, 0) < leastTiles) return [];
  const filled = erode(dilate(found, tiles, 2), tiles, 2);
  const dark = dilate(erode(filled, tiles, 1), tiles, 1);

  return connectedAreas(dark, tiles).filter(
    (area) => area.length >= leastTiles && solidShare(tiles, area) >= leastSolid,
  );
}

function solidShare({ bright }: Tiles, area: readonly number[]): number {
  return area.filter((tile) => (bright[tile] as number) < darkMedian).length / area.length;
}

function hasLightWriting(raster: GreyRaster, tiles: Tiles, area: readonly number[]): boolean {
  const medians = area.map((tile) => tiles.median[tile] as number).toSorted((a, b) => a - b);
  const ground = medians[medians.length >> 1] as number;
  let lighter = 0;
  let darker = 0;
  let total = 0;
  for (const tile of area) {
    forEachPixel(raster, tiles, tile, (level) => {
      total++;
      if (level > ground + writingContrast) lighter++;
      if (level < ground - writingContrast) darker++;
      return level;
    });
  }
  return lighter > darker && lighter > total * lightWriting.least && lighter < total * lightWriting.most;
}

function forEachPixel(
  { width, height, pixels }: GreyRaster,
  { tileSize, columns }: Tiles,
  tile: number,
  map: (level: number) => number,
) {
  const left = (tile % columns) * tileSize;
  const top = Math.floor(tile / columns) * tileSize;
  for (let y = top; y < Math.min(top + tileSize, height); y++) {
    for (let x = left; x < Math.min(left + tileSize, width); x++) {
      pixels[y * width + x] = map(pixels[y * width + x] as number);
    }
  }
}
