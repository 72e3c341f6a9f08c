import { mergeOverlapping } from "./mergeLines.ts";
import { findRectangles, type Rectangle } from "./rectangles.ts";
import type { GreyImage } from "./resize.ts";
import type { ScaledPage } from "./scale.ts";
import type { Network } from "./sessions.ts";

/** The detector takes sides that are multiples of this. */
const sideMultiple = 32;
/** Ink is looked for in tiles of this side. */
const tileSize = 32;
/** A tile whose levels (0–255) differ by less holds the noise of paper and no writing, faint writing included. */
const minContrast = 20;
/** Rows and columns that the detector sees around what it is asked for: less than a tall line of text. */
const context = 32;
/**
 * A piece that the detector gets at once, in pixels without context: its memory grows with the area (170 bytes a pixel:
 * 38 MB for one piece).
 */
const maxPiece = { width: 640, height: 256 };
/** A strip ends between two lines: so many rows before its greatest height at most. */
const cutReach = 48;

/**
 * Finds the text lines of a page, piece by piece: pieces without ink are skipped.
 *
 * @returns rectangles in pixels of the page, in no particular order
 */
export async function detectLines(page: ScaledPage, detector: Network): Promise<Rectangle[]> {
  const { image, scale } = page;
  const probability = new Uint8Array(image.width * image.height);
  for (const piece of inkedPieces(image)) await detectPiece(image, piece, detector, probability);
  const rectangles = findRectangles({ width: image.width, height: image.height, pixels: probability });
  return mergeOverlapping(rectangles).map(({ x, y, width, height, angle }) => ({
    x: x / scale,
    y: y / scale,
    width: width / scale,
    height: height / scale,
    angle,
  }));
}

interface Piece {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Divides the page into strips between its lines, leaves out rows of tiles without ink, and blank margins. */
function inkedPieces(image: GreyImage): Piece[] {
  const columns = Math.ceil(image.width / tileSize);
  const inked = findInkedTiles(image, columns, Math.ceil(image.height / tileSize));
  const hasInk = (y: number) => {
    const row = Math.floor(y / tileSize) * columns;
    return inked.subarray(row, row + columns).includes(1);
  };
  const pieces: Piece[] = [];
  for (let top = 0; top < image.height; ) {
    const nextTiles = (Math.floor(top / tileSize) + 1) * tileSize;
    if (!hasInk(top)) {
      top = nextTiles;
      continue;
    }
    let bottom = nextTiles;
    while (bottom < image.height && hasInk(bottom) && bottom - top < maxPiece.height) bottom += tileSize;
    if (bottom - top >= maxPiece.height)
      bottom = emptiestRow(image, top + maxPiece.height - cutReach, top + maxPiece.height);
    pieces.push(...piecesOfStrip(inked, columns, { top, bottom: Math.min(bottom, image.height) }, image));
    top = bottom;
  }
  return pieces;
}

/** The row with the fewest edges of letters: most likely between two lines. */
function emptiestRow({ width, height, pixels }: GreyImage, from: number, to: number): number {
  let best = to;
  let fewest = Number.POSITIVE_INFINITY;
  for (let y = Math.min(to, height - 1); y > from; y--) {
    let edges = 0;
    for (let at = y * width + 1; at < (y + 1) * width; at++)
      if (Math.abs((pixels[at] as number) - (pixels[at - 1] as number)) >= minContrast) edges++;
    if (edges >= fewest) continue;
    fewest = edges;
    best = y;
  }
  return best;
}

function piecesOfStrip(
  inked: Uint8Array,
  columns: number,
  { top, bottom }: Pick<Piece, "top" | "bottom">,
  { width }: GreyImage,
): Piece[] {
  let first = columns;
  let last = -1;
  for (let row = Math.floor(top / tileSize); row * tileSize < bottom; row++) {
    for (let column = 0; column < columns; column++) {
      if (inked[row * columns + column] === 0) continue;
      first = Math.min(first, column);
      last = Math.max(last, column);
    }
  }
  const right = Math.min(width, (last + 1) * tileSize);
  const parts = Math.ceil((right - first * tileSize) / maxPiece.width);
  const partWidth = Math.ceil((right - first * tileSize) / parts);
  const pieces: Piece[] = [];
  for (let left = first * tileSize; left < right; left += partWidth)
    pieces.push({ left, right: Math.min(right, left + partWidth), top, bottom });
  return pieces;
}

function findInkedTiles({ width, height, pixels }: GreyImage, columns: number, rows: number): Uint8Array {
  const darkest = new Uint8Array(columns * rows).fill(255);
  const lightest = new Uint8Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const tileRow = Math.floor(y / tileSize) * columns;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const tile = tileRow + (x >> 5);
      const level = pixels[at] as number;
      if (level < (darkest[tile] as number)) darkest[tile] = level;
      if (level > (lightest[tile] as number)) lightest[tile] = level;
    }
  }
  return lightest.map((level, tile) => (level - (darkest[tile] as number) >= minContrast ? 1 : 0));
}

/** PP-OCR's means and deviations of red, green and blue; grey goes into all three. */
const normalisation = [
  { mean: 0.485, deviation: 0.229 },
  { mean: 0.456, deviation: 0.224 },
  { mean: 0.406, deviation: 0.225 },
];
const normalised = normalisation.map(({ mean, deviation }) =>
  Float32Array.from({ length: 256 }, (_, level) => (level / 255 - mean) / deviation),
);

/** Writes the probability (0–255) that a pixel is text for one piece. */
async function detectPiece(
  image: GreyImage,
  { left, top, right, bottom }: Piece,
  detector: Network,
  probability: Uint8Array,
): Promise<void> {
  const originX = left - context;
  const originY = top - context;
  const width = Math.ceil((right - left + 2 * context) / sideMultiple) * sideMultiple;
  const height = Math.ceil((bottom - top + 2 * context) / sideMultiple) * sideMultiple;
  const input = detector.inputOf(3 * width * height);
  for (let y = 0; y < height; y++) {
    const row = clamp(originY + y, image.height) * image.width;
    for (let x = 0; x < width; x++) {
      const level = image.pixels[row + clamp(originX + x, image.width)] as number;
      const at = y * width + x;
      for (let channel = 0; channel < 3; channel++)
        input[channel * width * height + at] = (normalised[channel] as Float32Array)[level] as number;
    }
  }
  const { data } = await detector.run(input, [1, 3, height, width]);
  for (let y = top; y < bottom; y++) {
    const source = (y - originY) * width - originX;
    const target = y * image.width;
    for (let x = left; x < right; x++) probability[target + x] = (data[source + x] as number) * 255;
  }
}

/** Beyond the edge of the page its edge is repeated. */
function clamp(place: number, length: number): number {
  return place < 0 ? 0 : place >= length ? length - 1 : place;
}
