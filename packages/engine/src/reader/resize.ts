import type { GreyRaster } from "../raster/greyRaster.ts";

/** Grey pixels, row by row. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * Makes a raster smaller by averaging the area that each new pixel covers, or larger by linear interpolation.
 *
 * @param scale new pixels for each old one
 * @returns at least one pixel in each direction
 */
export function resize(raster: GreyRaster | GreyImage, scale: number): GreyImage {
  const width = Math.max(1, Math.round(raster.width * scale));
  const height = Math.max(1, Math.round(raster.height * scale));
  const factor = Math.round(1 / scale);
  if (factor > 1 && width * factor === raster.width && height * factor === raster.height)
    return reduce(raster, factor);
  const pixels = new Uint8Array(width * height);
  const row = new Float32Array(raster.width);
  const columns = scale < 1 ? averageColumns : interpolateColumns;
  const gather = scale < 1 ? averageRows : interpolateRows;
  for (let y = 0; y < height; y++) {
    gather(raster, (y * raster.height) / height, ((y + 1) * raster.height) / height, row);
    columns(row, pixels.subarray(y * width, (y + 1) * width));
  }
  return { width, height, pixels };
}

/** Averages squares of whole pixels: four times as fast as areas with fractions. */
function reduce({ width, height, pixels }: GreyImage, factor: number): GreyImage {
  const reduced = { width: width / factor, height: height / factor };
  const target = new Uint8Array(reduced.width * reduced.height);
  const sums = new Uint32Array(reduced.width);
  const share = 1 / (factor * factor);
  for (let y = 0; y < reduced.height; y++) {
    sums.fill(0);
    for (let row = y * factor; row < (y + 1) * factor; row++) {
      for (let x = 0, at = row * width; x < reduced.width; x++) {
        let sum = 0;
        for (const end = at + factor; at < end; at++) sum += pixels[at] as number;
        sums[x] = (sums[x] as number) + sum;
      }
    }
    const start = y * reduced.width;
    for (let x = 0; x < reduced.width; x++) target[start + x] = (sums[x] as number) * share + 0.5;
  }
  return { ...reduced, pixels: target };
}

/** The mean of the rows from `top` to `bottom`, fractions of rows included. */
function averageRows(
  { width, height, pixels }: GreyImage,
  top: number,
  bottom: number,
  mean: Float32Array,
): void {
  mean.fill(0);
  const total = bottom - top;
  for (let y = Math.floor(top); y < Math.min(height, Math.ceil(bottom)); y++) {
    const share = (Math.min(y + 1, bottom) - Math.max(y, top)) / total;
    const start = y * width;
    for (let x = 0; x < width; x++) mean[x] = (mean[x] as number) + share * (pixels[start + x] as number);
  }
}

function averageColumns(row: Float32Array, target: Uint8Array): void {
  const step = row.length / target.length;
  for (let x = 0; x < target.length; x++) {
    const left = x * step;
    const right = Math.min(row.length, left + step);
    let place = Math.floor(left);
    let sum = (row[place] as number) * (Math.min(place + 1, right) - left);
    for (place++; place + 1 <= right; place++) sum += row[place] as number;
    if (place < right) sum += (row[place] as number) * (right - place);
    target[x] = sum / (right - left) + 0.5;
  }
}

/** The row at the middle between `top` and `bottom`, interpolated. */
function interpolateRows(
  { width, height, pixels }: GreyImage,
  top: number,
  bottom: number,
  mean: Float32Array,
): void {
  const middle = Math.min(height - 1, Math.max(0, (top + bottom) / 2 - 0.5));
  const above = Math.floor(middle) * width;
  const below = Math.min(height - 1, Math.floor(middle) + 1) * width;
  const share = middle - Math.floor(middle);
  for (let x = 0; x < width; x++)
    mean[x] = (pixels[above + x] as number) * (1 - share) + (pixels[below + x] as number) * share;
}

function interpolateColumns(row: Float32Array, target: Uint8Array): void {
  const step = row.length / target.length;
  for (let x = 0; x < target.length; x++) {
    const middle = Math.min(row.length - 1, Math.max(0, (x + 0.5) * step - 0.5));
    const left = Math.floor(middle);
    const share = middle - left;
    target[x] =
      (row[left] as number) * (1 - share) + (row[Math.min(row.length - 1, left + 1)] as number) * share + 0.5;
  }
}
