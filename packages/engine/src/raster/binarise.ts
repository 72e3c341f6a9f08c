import { type Background, estimateBackground } from "./background.ts";
import { invertDarkAreas } from "./darkAreas.ts";
import type { GreyRaster } from "./greyRaster.ts";
import { findPictures } from "./pictures.ts";
import { measureTiles } from "./tiles.ts";

/** A page as one bit a pixel, packed as in PBM: rows padded to whole bytes, the first pixel highest, 1 = black. */
export interface Bilevel {
  readonly width: number;
  readonly height: number;
  readonly rowBytes: number;
  readonly bits: Uint8Array;
  readonly blackPixels: number;
}

/** A page under a threshold, and whether that loses nothing an OCR engine needs. */
export interface Binarisation {
  readonly bilevel: Bilevel;
  /** False for continuous tones (photographs, heavy noise): recognise the grey page instead. */
  readonly safe: boolean;
}

/** Text this dark, relative to its paper (255), is ink on any page; a threshold above it needs a reason. */
const surelyInk = 200;
/** A threshold under every level. */
const noInk = -1;
/** Paper and ink closer than this many levels are noise, not writing. */
const leastContrast = 24;
/** More than this share of black is no page of writing. */
const mostBlack = 0.35;
/** Otsu's η (between-class over total variance) of clean and degraded text pages is 0.75 and up. */
const leastSeparability = 0.6;

/**
 * Binarises by Otsu's threshold (IEEE Trans. SMC 9(1), 1979) over the page divided by its background, so
 * that black on a grey bar, a stain or in a shadow is judged against the paper around it. White writing on dark
 * bars is turned round first, in the raster itself.
 */
export function binarise(raster: GreyRaster): Binarisation {
  const tiles = measureTiles(raster);
  const pictures = findPictures(tiles);
  invertDarkAreas(raster, tiles, pictures);
  const background = estimateBackground(tiles, pictures);
  const histogram = normalisedHistogram(raster, background);
  const otsu = otsuThreshold(histogram);
  const inkless = otsu.contrast < leastContrast;

  const strict = Math.min(otsu.threshold, surelyInk);
  const strictBlack = countUpTo(histogram, strict);
  const total = raster.width * raster.height;
  // Faint print: nothing is surely ink, yet there are two clear classes and the darker is the smaller.
  const faint = strictBlack === 0 && countUpTo(histogram, otsu.threshold) < total * mostBlack;
  const threshold = inkless ? noInk : faint ? otsu.threshold : strict;

  const bilevel = pack(raster, background, threshold);
  const safe = inkless || (otsu.separability >= leastSeparability && bilevel.blackPixels < total * mostBlack);
  return { bilevel, safe };
}

/** How many pixels have each level relative to the background, which is scaled to 255. */
function normalisedHistogram(raster: GreyRaster, background: Background): Uint32Array {
  const { width, height, pixels } = raster;
  const { tileSize, columns, levels } = background;
  const histogram = new Uint32Array(256);
  for (let y = 0; y < height; y++) {
    const tileRow = Math.floor(y / tileSize) * columns;
    for (let column = 0; column < columns; column++) {
      // 16.16 fixed point: 255 / background.
      const scale = (255 * 65536) / (levels[tileRow + column] as number);
      const end = y * width + Math.min((column + 1) * tileSize, width);
      for (let index = y * width + column * tileSize; index < end; index++) {
        const level = Math.min(255, ((pixels[index] as number) * scale) >>> 16);
        histogram[level] = (histogram[level] as number) + 1;
      }
    }
  }
  return histogram;
}

function otsuThreshold(histogram: Uint32Array): {
  threshold: number;
  contrast: number;
  separability: number;
} {
  let total = 0;
  let sum = 0;
  let sumOfSquares = 0;
  for (let level = 0; level < 256; level++) {
    const pixels = histogram[level] as number;
    total += pixels;
    sum += level * pixels;
    sumOfSquares += level * level * pixels;
  }
  const variance = sumOfSquares / total - (sum / total) ** 2;

  let threshold = 127;
  let lastBest = 127;
  let contrast = 0;
  let bestBetween = 0;
  let dark = 0;
  let darkSum = 0;
  for (let level = 0; level < 256; level++) {
    dark += histogram[level] as number;
    darkSum += level * (histogram[level] as number);
    const light = total - dark;
    if (dark === 0 || light === 0) continue;
    const difference = (sum - darkSum) / light - darkSum / dark;
    const between = (dark / total) * (light / total) * difference * difference;
    if (between > bestBetween) {
      bestBetween = between;
      threshold = level;
      contrast = difference;
      lastBest = level;
    } else if (between === bestBetween) {
      lastBest = level;
    }
  }
  // Any level in the gap between two classes is as good; the middle is furthest from both.
  return {
    threshold: (threshold + lastBest) >> 1,
    contrast,
    separability: variance > 0 ? bestBetween / variance : 0,
  };
}

function countUpTo(histogram: Uint32Array, threshold: number): number {
  let count = 0;
  for (let level = 0; level <= threshold; level++) count += histogram[level] as number;
  return count;
}

/** Black is what is at or under `threshold` of its tile's background, as in the histogram. */
function pack(raster: GreyRaster, background: Background, threshold: number): Bilevel {
  const { width, height, pixels } = raster;
  const { tileSize, columns, levels } = background;
  const rowBytes = (width + 7) >> 3;
  const bits = new Uint8Array(rowBytes * height);
  let blackPixels = 0;
  if (threshold === noInk) return { width, height, rowBytes, bits, blackPixels };

  const bytesPerTile = tileSize >> 3;
  for (let y = 0; y < height; y++) {
    const tileRow = Math.floor(y / tileSize) * columns;
    const rowStart = y * width;
    for (let byte = 0; byte < rowBytes; byte++) {
      const limit = ((levels[tileRow + Math.floor(byte / bytesPerTile)] as number) * (threshold + 1)) / 255;
      const left = rowStart + byte * 8;
      const count = Math.min(8, rowStart + width - left);
      let packed = 0;
      for (let bit = 0; bit < count; bit++) {
        if ((pixels[left + bit] as number) < limit) {
          packed |= 128 >> bit;
          blackPixels++;
        }
      }
      bits[y * rowBytes + byte] = packed;
    }
  }
  return { width, height, rowBytes, bits, blackPixels };
}
