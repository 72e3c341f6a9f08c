import { countLevels, levelOf } from "../raster/levels.ts";
import { connectedShapes } from "../raster/shapes.ts";
import type { GreyImage } from "./resize.ts";

/** Shapes of fewer rows than this are specks, or letters too small to be read. */
const minHeight = 4;
/** Wider or narrower than this, for its height, a shape is a line, a frame or several letters. */
const aspect = { min: 0.15, max: 2.5 };
/** So much darker (or lighter) than what surrounds it, in levels of 255, a pixel is ink. */
const inkContrast = 24;
/** Radius of the surroundings in pixels: larger than the strokes of any letter that is measured well. */
const surroundings = 12;
/** Of fewer shapes no height is taken. */
const minShapes = 8;

/**
 * Measures the height of the letters in an image: the median height of letter-like shapes, weighted by their height so
 * that specks count less than letters.
 *
 * @returns pixels from the foot to the top of a typical small or capital letter; null where hardly any is there
 */
export function measureLetterHeight(image: GreyImage): number | null {
  const ink = findInk(image);
  const heights = shapeHeights(ink, image.width, image.height);
  if (heights.length < minShapes) return null;
  heights.sort((one, other) => one - other);
  const total = heights.reduce((sum, height) => sum + height, 0);
  let seen = 0;
  for (const height of heights) {
    seen += height;
    if (seen >= total / 2) return height;
  }
  return null;
}

/** 1 where a pixel is darker than the mean of its surroundings, or lighter on a dark page. */
function findInk({ width, height, pixels }: GreyImage): Uint8Array {
  const ink = new Uint8Array(width * height);
  const sign = isDarkOnLight(pixels) ? -1 : 1;
  const columnSums = new Uint32Array(width);
  let rows = 0;
  for (let y = -surroundings; y < height; y++) {
    const entering = y + surroundings;
    const leaving = y - surroundings - 1;
    if (entering < height) {
      rows++;
      for (let x = 0, at = entering * width; x < width; x++, at++)
        columnSums[x] = (columnSums[x] as number) + (pixels[at] as number);
    }
    if (leaving >= 0) {
      rows--;
      for (let x = 0, at = leaving * width; x < width; x++, at++)
        columnSums[x] = (columnSums[x] as number) - (pixels[at] as number);
    }
    if (y < 0) continue;
    let sum = 0;
    let columns = 0;
    for (let x = -surroundings; x < width; x++) {
      if (x + surroundings < width) {
        sum += columnSums[x + surroundings] as number;
        columns++;
      }
      if (x - surroundings - 1 >= 0) {
        sum -= columnSums[x - surroundings - 1] as number;
        columns--;
      }
      if (x < 0) continue;
      const difference = (pixels[y * width + x] as number) - sum / (rows * columns);
      if (sign * difference > inkContrast) ink[y * width + x] = 1;
    }
  }
  return ink;
}

/** Whether the ground is the lighter part: the median level is nearer to the lightest than to the darkest. */
function isDarkOnLight(pixels: Uint8Array): boolean {
  const counts = countLevels(pixels);
  const levelAt = (share: number) => levelOf(counts, pixels.length * share);
  const median = levelAt(0.5);
  return levelAt(0.995) - median <= median - levelAt(0.005);
}

/** Heights of the connected shapes (8 neighbours) that may be letters. The ink is used up. */
function shapeHeights(ink: Uint8Array, width: number, height: number): number[] {
  const heights: number[] = [];
  for (const { left, top, right, bottom } of connectedShapes(ink, width, height)) {
    const shapeHeight = bottom - top + 1;
    const shapeAspect = (right - left + 1) / shapeHeight;
    if (shapeHeight >= minHeight && shapeAspect >= aspect.min && shapeAspect <= aspect.max)
      heights.push(shapeHeight);
  }
  return heights;
}
