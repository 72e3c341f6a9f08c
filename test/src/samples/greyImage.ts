import sharp, { type Sharp } from "sharp";

/** Eight-bit grey, 0 black to 255 white, rows without padding. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A grey image as sharp's input, to encode it. */
export function openGrey({ width, height, pixels }: GreyImage): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace("b-w");
}

/** The level at a point between pixels, by bilinear interpolation; `outside` beyond the edge. */
export function levelAt(image: GreyImage, x: number, y: number, outside: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < 0 || top < 0 || left + 1 >= image.width || top + 1 >= image.height) return outside;
  const across = x - left;
  const index = top * image.width + left;
  const pixel = (at: number) => image.pixels[at] as number;
  const above = pixel(index) * (1 - across) + pixel(index + 1) * across;
  const below = pixel(index + image.width) * (1 - across) + pixel(index + image.width + 1) * across;
  return above + (below - above) * (y - top);
}
