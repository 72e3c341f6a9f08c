import type { GreyRaster } from "./greyRaster.ts";
import { sharp } from "./sharp.ts";

/**
 * The longer side of a preview, in pixels: letters of 8 point are legible on a letter or A4 page. Measured on clinical
 * scans: 10 to 130 KB a page, and 2.7 % of the time that reading it takes (1,400 pixels: 3.0 %). Grey, for it is made
 * from what is made for the recogniser: colour would mean decoding every page twice.
 */
export const previewSidePixels = 1_300;

/** From quality 60 to 40 writing looks the same and takes a tenth less; more effort costs time that OCR needs. */
const webp = { quality: 40, effort: 0 } as const;

/** What encoding a preview takes while it lasts, in bytes: its pixels, these as RGB and as YUV, and the encoder's own. */
export const encodingBytes = 12_000_000;

/** A copy of a page in the size of a preview, in the same proportions. Smaller pages keep their size. */
export async function shrinkToPreview(raster: GreyRaster): Promise<GreyRaster> {
  const scale = previewSidePixels / Math.max(raster.width, raster.height);
  if (scale >= 1) return { ...raster, pixels: raster.pixels.slice() };
  const width = scaled(raster.width, scale);
  const height = scaled(raster.height, scale);
  const pixels = await open(raster)
    .resize(width, height, { fit: "fill", kernel: "linear" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  return { width, height, dpi: raster.dpi * scale, pixels };
}

/** A page as WebP, at its size. */
export async function encodePreview(picture: GreyRaster): Promise<Uint8Array> {
  return open(picture).webp(webp).toBuffer();
}

function open({ pixels, width, height }: GreyRaster) {
  return sharp(pixels, { raw: { width, height, channels: 1 } });
}

function scaled(pixels: number, scale: number): number {
  return Math.max(1, Math.round(pixels * scale));
}
