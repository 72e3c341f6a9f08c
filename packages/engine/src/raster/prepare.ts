import { binarise } from "./binarise.ts";
import type { GreyRaster } from "./greyRaster.ts";
import { encodePbm, encodePgm } from "./netpbm.ts";
import { lowDpi } from "./resolution.ts";

/** Fewer black pixels than a full stop at 200 dpi: nothing is written here. */
const leastInkPixels = 12;

/**
 * Makes the image that Tesseract gets, or null where the page is empty. One bit a pixel is faster and an
 * eighth of the memory, but only where the page is clean enough and fine enough to lose nothing by it.
 *
 * @param ownDpi resolution of the page's own image, null if it is drawn
 */
export function prepareForRecognition(raster: GreyRaster, ownDpi: number | null): Uint8Array | null {
  const { bilevel, safe } = binarise(raster);
  if (safe && bilevel.blackPixels < leastInkPixels) return null;
  const fine = (ownDpi ?? raster.dpi) >= lowDpi;
  return safe && fine ? encodePbm(bilevel) : encodePgm(raster);
}
