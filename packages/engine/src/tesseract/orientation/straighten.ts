import type { GreyRaster } from "../../raster/greyRaster.ts";

/** A page turned by an angle onto a canvas that holds all of it. */
export interface Straightening {
  /** The page's own size, and that of the canvas, in pixels. */
  readonly page: Size;
  readonly canvas: Size;
  /** By how many degrees the page was turned counter-clockwise. */
  readonly degrees: number;
  /** Pixels of the canvas for one of the page. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const white = 255;
/** Pixels in a row that count for a place between them, and the places between two that are told apart. */
const taps = 4;
const phases = 256;
const weights = cubicWeights();

/**
 * Plans to undo a skew.
 *
 * @param degrees by how much the lines fall to the right
 * @param maxPixels the canvas may have; where it would have more, the page is made smaller
 */
export function planStraightening(
  { width, height }: Size,
  degrees: number,
  maxPixels: number,
): Straightening {
  const { sin, cos } = turnOf(degrees);
  const fullWidth = width * cos + height * Math.abs(sin);
  const fullHeight = width * Math.abs(sin) + height * cos;
  const scale = Math.min(1, Math.sqrt(maxPixels / (fullWidth * fullHeight)));
  const canvas = { width: Math.floor(fullWidth * scale), height: Math.floor(fullHeight * scale) };
  return { page: { width, height }, canvas, degrees, scale };
}

/**
 * Turns a page as planned, with white corners. Bicubic, for a bilinear turn blurs thin strokes, and with them words. It
 * lies beside the page in memory: a byte a pixel.
 */
export function straighten(raster: GreyRaster, { canvas, degrees, scale }: Straightening): GreyRaster {
  const { width, height, pixels } = raster;
  const turned = new Uint8ClampedArray(canvas.width * canvas.height).fill(white);
  const { sin, cos } = turnOf(degrees);
  const stepX = cos / scale;
  const stepY = sin / scale;
  const left = (0.5 - canvas.width / 2) / scale;
  for (let row = 0; row < canvas.height; row++) {
    const down = (row + 0.5 - canvas.height / 2) / scale;
    let x = left * cos - down * sin + width / 2 - 0.5;
    let y = left * sin + down * cos + height / 2 - 0.5;
    const start = row * canvas.width;
    for (let column = 0; column < canvas.width; column++, x += stepX, y += stepY) {
      if (x < 1 || y < 1 || x >= width - 2 || y >= height - 2) continue;
      const wholeX = x | 0;
      const wholeY = y | 0;
      const across = (((x - wholeX) * phases) | 0) * taps;
      const downwards = (((y - wholeY) * phases) | 0) * taps;
      let sum = 0;
      let index = (wholeY - 1) * width + wholeX - 1;
      for (let tap = 0; tap < taps; tap++, index += width) {
        const line =
          (pixels[index] as number) * (weights[across] as number) +
          (pixels[index + 1] as number) * (weights[across + 1] as number) +
          (pixels[index + 2] as number) * (weights[across + 2] as number) +
          (pixels[index + 3] as number) * (weights[across + 3] as number);
        sum += line * (weights[downwards + tap] as number);
      }
      turned[start + column] = sum;
    }
  }
  return { ...canvas, dpi: raster.dpi * scale, pixels: new Uint8Array(turned.buffer) };
}

/** What each of four pixels in a row counts at a place between the middle two, for each phase (Keys 1981, a = -1/2). */
function cubicWeights(): Float64Array {
  const table = new Float64Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    const t = phase / phases;
    const weightsHere = [
      -0.5 * t + t ** 2 - 0.5 * t ** 3,
      1 - 2.5 * t ** 2 + 1.5 * t ** 3,
      0.5 * t + 2 * t ** 2 - 1.5 * t ** 3,
      -0.5 * t ** 2 + 0.5 * t ** 3,
    ];
    table.set(weightsHere, phase * taps);
  }
  return table;
}

/** The turn of the page that a place on the straightened canvas has to be turned back by. */
export function turnOf(degrees: number): { readonly sin: number; readonly cos: number } {
  const radians = (degrees * Math.PI) / 180;
  return { sin: Math.sin(radians), cos: Math.cos(radians) };
}
