import type { GreyRaster } from "../raster/greyRaster.ts";

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
/** Levels are blended in 1/256. */
const blendBits = 8;
const blendOne = 1 << blendBits;

/**
 * Plans to undo a skew.
 *
 * @param degrees by how much the lines fall to the right
 * @param mostPixels the canvas may have; where it would have more, the page is made smaller
 */
export function planStraightening(
  { width, height }: Size,
  degrees: number,
  mostPixels: number,
): Straightening {
  const { sin, cos } = turnOf(degrees);
  const fullWidth = width * cos + height * Math.abs(sin);
  const fullHeight = width * Math.abs(sin) + height * cos;
  const scale = Math.min(1, Math.sqrt(mostPixels / (fullWidth * fullHeight)));
  const canvas = { width: Math.floor(fullWidth * scale), height: Math.floor(fullHeight * scale) };
  return { page: { width, height }, canvas, degrees, scale };
}

/** Turns a page as planned: bilinear, with white corners. It lies beside the page in memory: a byte a pixel. */
export function straighten(raster: GreyRaster, { canvas, degrees, scale }: Straightening): GreyRaster {
  const { width, height, pixels } = raster;
  const turned = new Uint8Array(canvas.width * canvas.height).fill(white);
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
      if (x < 0 || y < 0 || x >= width - 1 || y >= height - 1) continue;
      const wholeX = x | 0;
      const wholeY = y | 0;
      const right = ((x - wholeX) * blendOne) | 0;
      const below = ((y - wholeY) * blendOne) | 0;
      const index = wholeY * width + wholeX;
      const upper = blend(pixels[index] as number, pixels[index + 1] as number, right);
      const lower = blend(pixels[index + width] as number, pixels[index + width + 1] as number, right);
      turned[start + column] = blend(upper, lower, below) >> (2 * blendBits);
    }
  }
  return { ...canvas, dpi: raster.dpi * scale, pixels: turned };
}

/** A place between two levels, `blendOne` times as large as these. */
function blend(first: number, second: number, share: number): number {
  return first * (blendOne - share) + second * share;
}

/** The turn of the page that a place on the straightened canvas has to be turned back by. */
export function turnOf(degrees: number): { readonly sin: number; readonly cos: number } {
  const radians = (degrees * Math.PI) / 180;
  return { sin: Math.sin(radians), cos: Math.cos(radians) };
}
