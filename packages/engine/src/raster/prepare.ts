import { type Binarisation, binarise } from "./binarise.ts";
import type { GreyRaster } from "./greyRaster.ts";
import { encodeNetpbm, type PageImage } from "./netpbm.ts";
import { lowDpi } from "./resolution.ts";

/** Fewer black pixels than a full stop at 200 dpi: nothing is written here. */
const leastInkPixels = 12;

/**
 * Makes the file that Tesseract gets, or null where the page is empty.
 *
 * @param ownDpi resolution of the page's own image, null if it is drawn
 */
export function prepareForRecognition(
  raster: GreyRaster,
  ownDpi: number | null,
): Uint8Array<ArrayBuffer> | null {
  const binarisation = binarise(raster);
  return isEmpty(binarisation) ? null : encodeNetpbm(chooseImage(raster, binarisation, ownDpi));
}

/** Whether nothing is written on the page. */
export function isEmpty({ bilevel, safe }: Binarisation): boolean {
  return safe && bilevel.blackPixels < leastInkPixels;
}

/**
 * One bit a pixel is faster and an eighth of the memory, but only where the page is clean enough and fine enough to
 * lose nothing by it.
 *
 * @param ownDpi resolution of the page's own image, null if it is drawn
 */
export function chooseImage(
  raster: GreyRaster,
  { bilevel, safe }: Binarisation,
  ownDpi: number | null,
): PageImage {
  const fine = (ownDpi ?? raster.dpi) >= lowDpi;
  return safe && fine ? bilevel : raster;
}
