/** Scans of 250 dpi and more are read at 200: measured as accurate as 300 and faster (docs/decisions/0004). */
const scanDpi = 200;
const fineScanDpi = 250;
/** Pages drawn from fonts and lines have no resolution of their own; small print wants 300. */
const drawnDpi = 300;
/** Below this Tesseract's error rate rises steeply; such pages are enlarged to {@link scanDpi} and warned of. */
export const lowDpi = 150;
/** Enlarging more than this adds pixels, no detail. */
const mostEnlargement = 3;

/** How to make a page's raster: its resolution, and what is to be said of it. */
export interface Resolution {
  readonly dpi: number;
  readonly lowResolution: boolean;
  readonly downscaled: boolean;
}

/**
 * Chooses the OCR resolution of a page.
 *
 * @param widthInches page width, and `heightInches` its height
 * @param ownDpi resolution of the page's own image, null if it is drawn
 * @param maxPixels the most pixels the raster may have, from the memory budget
 */
export function chooseResolution(
  widthInches: number,
  heightInches: number,
  ownDpi: number | null,
  maxPixels: number,
): Resolution {
  const wanted = ownDpi === null ? drawnDpi : wantedForImage(ownDpi);
  const fitting = Math.sqrt(maxPixels / (widthInches * heightInches));
  const dpi = Math.min(wanted, fitting);
  return {
    dpi,
    lowResolution: Math.min(dpi, ownDpi ?? dpi) < lowDpi,
    downscaled: dpi < Math.min(wanted, ownDpi ?? wanted),
  };
}

function wantedForImage(ownDpi: number): number {
  if (ownDpi >= fineScanDpi) return scanDpi;
  if (ownDpi >= scanDpi) return ownDpi;
  return Math.min(scanDpi, ownDpi * mostEnlargement);
}
