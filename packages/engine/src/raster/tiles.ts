import type { GreyRaster } from "./greyRaster.ts";

/** A page in tiles of about 1 mm: smaller than the shaded bar of a form, larger than the strokes of body text. */
export interface TileGrid {
  /** Side of a tile in pixels, a multiple of 8 so that a byte of a packed row lies in one tile. */
  readonly tileSize: number;
  readonly columns: number;
  readonly rows: number;
}

export interface Tiles extends TileGrid {
  /** Level that the brightest 15 % of each tile reach: the paper, since writing rarely covers more than the rest. */
  readonly bright: Uint8Array;
  /** Median level of each tile. */
  readonly median: Uint8Array;
}

const tileInches = 0.04;
const brightShare = 0.15;
const medianShare = 0.5;
/** Histograms of 32 levels are exact enough for a background and eight times cheaper to scan. */
const levelShift = 3;

export function measureTiles(raster: GreyRaster): Tiles {
  const tileSize = Math.max(8, Math.round((tileInches * raster.dpi) / 8) * 8);
  const columns = Math.ceil(raster.width / tileSize);
  const rows = Math.ceil(raster.height / tileSize);
  const tiles = {
    tileSize,
    columns,
    rows,
    bright: new Uint8Array(columns * rows),
    median: new Uint8Array(columns * rows),
  };
  for (let tile = 0; tile < columns * rows; tile++) measureTile(raster, tiles, tile);
  return tiles;
}

/** Measures one tile (anew, if its pixels have changed). */
export function measureTile(raster: GreyRaster, tiles: Tiles, tile: number): void {
  const { width, height, pixels } = raster;
  const { tileSize, columns } = tiles;
  const left = (tile % columns) * tileSize;
  const top = Math.floor(tile / columns) * tileSize;
  const right = Math.min(left + tileSize, width);
  const bottom = Math.min(top + tileSize, height);
  histogram.fill(0);
  for (let y = top; y < bottom; y++) {
    const end = y * width + right;
    for (let index = y * width + left; index < end; index++) {
      const bin = (pixels[index] as number) >> levelShift;
      histogram[bin] = (histogram[bin] as number) + 1;
    }
  }
  const count = (right - left) * (bottom - top);
  let seen = 0;
  let level = histogram.length;
  const reach = (wanted: number) => {
    while (seen < wanted && level > 0) seen += histogram[--level] as number;
    return (level << levelShift) | ((1 << levelShift) - 1);
  };
  tiles.bright[tile] = reach(count * brightShare);
  tiles.median[tile] = reach(count * medianShare);
}

/** Scratch space of {@link measureTile}, which runs 60,000 times a page. */
const histogram = new Uint16Array(256 >> levelShift);

/** The level of the page's paper: a quarter of its tiles are brighter. */
export function paperLevel({ bright }: Tiles): number {
  return bright.toSorted()[Math.floor(bright.length * 0.75)] as number;
}

/** The largest value of the square of `radius` tiles around each tile. */
export function dilate(values: Uint8Array, grid: TileGrid, radius: number): Uint8Array {
  const { columns, rows } = grid;
  return pass(pass(values, columns, rows, 1, columns, radius), rows, columns, columns, 1, radius);
}

/** The smallest value of the square of `radius` tiles around each tile. */
export function erode(values: Uint8Array, grid: TileGrid, radius: number): Uint8Array {
  const inverted = values.map((value) => 255 - value);
  return dilate(inverted, grid, radius).map((value) => 255 - value);
}

/** The tiles that are not 0, in areas whose tiles touch by a side. */
export function connectedAreas(values: Uint8Array, { columns }: TileGrid): number[][] {
  const left = values.slice();
  const areas: number[][] = [];
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    left[start] = 0;
    const area = [start];
    for (const tile of area) {
      const column = tile % columns;
      const near = [
        tile - columns,
        tile + columns,
        column > 0 ? tile - 1 : -1,
        column < columns - 1 ? tile + 1 : -1,
      ];
      for (const next of near) {
        if (!left[next]) continue;
        left[next] = 0;
        area.push(next);
      }
    }
    areas.push(area);
  }
  return areas;
}

/** The maximum over `radius` neighbours on both sides, along lines of `length` values that lie `step` apart. */
function pass(
  values: Uint8Array,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
  radius: number,
): Uint8Array {
  const result = new Uint8Array(values.length);
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    for (let place = 0; place < length; place++) {
      const first = place < radius ? 0 : place - radius;
      const last = place + radius < length ? place + radius : length - 1;
      let largest = 0;
      for (let near = first; near <= last; near++) {
        const value = values[start + near * step] as number;
        if (value > largest) largest = value;
      }
      result[start + place * step] = largest;
    }
  }
  return result;
}
