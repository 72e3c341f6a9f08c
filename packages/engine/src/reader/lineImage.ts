import type { GreyRaster } from "../raster/greyRaster.ts";

/** Height of the line images that the recognisers take, in pixels. */
export const lineHeight = 48;
/** Widths are multiples of this: a frame of the recogniser's output is so many columns. */
export const frameWidth = 8;

/**
 * A line of text on the page: the centre of its rectangle, how long and thick it is, in pixels, and the direction in
 * which it is read, in radians, clockwise from rightwards.
 */
export interface TextLine {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly thickness: number;
  readonly angle: number;
}

/** A line cut out of the page, upright, {@link lineHeight} pixels high. */
export interface LineImage {
  readonly line: TextLine;
  readonly width: number;
  readonly pixels: Uint8Array;
}

/** From so many pixels of the page for one of the line image on, several are averaged. */
const maxStep = 1.6;

/** Cuts a line out of the page by linear interpolation along its rectangle; beyond the page its edge is repeated. */
export function cutLine(page: GreyRaster, line: TextLine): LineImage {
  const width =
    Math.max(1, Math.ceil((line.length / line.thickness) * (lineHeight / frameWidth))) * frameWidth;
  const step = line.thickness / lineHeight;
  const pixels = new Uint8Array(width * lineHeight);
  const samples = Math.ceil(step / maxStep);
  if (samples === 1) sample(page, line, { width, step, pixels });
  else averageSamples(page, line, { width, step, pixels, samples });
  // What rounding to whole frames adds lies behind the end of the line.
  return { line: { ...line, ...lengthened(line, width * step) }, width, pixels };
}

/** The line with another length, beginning where it began. */
function lengthened(
  { x, y, length, angle }: TextLine,
  newLength: number,
): Pick<TextLine, "x" | "y" | "length"> {
  const by = (newLength - length) / 2;
  return { x: x + by * Math.cos(angle), y: y + by * Math.sin(angle), length: newLength };
}

interface Grid {
  readonly width: number;
  /** Pixels of the page for one of the line image. */
  readonly step: number;
  readonly pixels: Uint8Array;
}

/** Where a place of the line image is on the page. */
export function onPage(line: TextLine, step: number, column: number, row: number): { x: number; y: number } {
  const cos = Math.cos(line.angle);
  const sin = Math.sin(line.angle);
  const along = column * step - line.length / 2;
  const across = row * step - line.thickness / 2;
  return { x: line.x + along * cos - across * sin, y: line.y + along * sin + across * cos };
}

function sample(
  page: GreyRaster,
  line: TextLine,
  { width, step, pixels }: Grid,
  offset = { column: 0.5, row: 0.5 },
) {
  const origin = onPage(line, step, offset.column, offset.row);
  const alongX = Math.cos(line.angle) * step;
  const alongY = Math.sin(line.angle) * step;
  // Pixel centres lie at halves: the value at (x, y) is interpolated between the four centres around it.
  let rowX = origin.x - 0.5;
  let rowY = origin.y - 0.5;
  const lastX = page.width - 1;
  const lastY = page.height - 1;
  const source = page.pixels;
  for (let row = 0; row < lineHeight; row++) {
    let x = rowX;
    let y = rowY;
    const target = row * width;
    for (let column = 0; column < width; column++) {
      const clampedX = x < 0 ? 0 : x > lastX ? lastX : x;
      const clampedY = y < 0 ? 0 : y > lastY ? lastY : y;
      const left = clampedX | 0;
      const top = clampedY | 0;
      const shareX = clampedX - left;
      const shareY = clampedY - top;
      const at = top * page.width + left;
      const right = left < lastX ? 1 : 0;
      const below = top < lastY ? page.width : 0;
      const upper = (source[at] as number) * (1 - shareX) + (source[at + right] as number) * shareX;
      const lower =
        (source[at + below] as number) * (1 - shareX) + (source[at + below + right] as number) * shareX;
      pixels[target + column] = upper + (lower - upper) * shareY + 0.5;
      x += alongX;
      y += alongY;
    }
    rowX -= alongY;
    rowY += alongX;
  }
}

/** The mean of a grid of samples in each pixel, where the page is much finer than the line image. */
function averageSamples(page: GreyRaster, line: TextLine, grid: Grid & { readonly samples: number }): void {
  const { samples, pixels } = grid;
  const sums = new Uint16Array(pixels.length);
  for (let row = 0; row < samples; row++) {
    for (let column = 0; column < samples; column++) {
      sample(page, line, grid, { column: (column + 0.5) / samples, row: (row + 0.5) / samples });
      for (let at = 0; at < pixels.length; at++) sums[at] = (sums[at] as number) + (pixels[at] as number);
    }
  }
  for (let at = 0; at < pixels.length; at++) pixels[at] = (sums[at] as number) / (samples * samples) + 0.5;
}
