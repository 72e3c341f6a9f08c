/** Finer scans are read at this: at 300 dpi the letters of 6-point print are still 12 pixels high. */
const maxScanDpi = 300;
/** Pages drawn from fonts and lines have no resolution of their own. */
const drawnDpi = 300;
/** A page that is drawn over a coarse image is drawn at least this fine, and a coarse image enlarged to it. */
const minDpi = 200;
/** Below this the error rate rises; such pages are warned of. */
export const lowDpi = 150;
/** Enlarging more than this adds pixels, no detail. */
const maxEnlargement = 3;

/** What is known of a page's size before it is rasterised. */
export interface PageExtent {
  readonly widthInches: number;
  readonly heightInches: number;
  /** Resolution of the page's own image, null if it is drawn. */
  readonly ownDpi: number | null;
  /** Whether nobody knows how large the image is on paper, if it is of paper: its pixels are what there is. */
  readonly dpiIsAssumed?: boolean | undefined;
}

/** How to make a page's raster: its resolution, and what is to be said of it. */
export interface Resolution {
  readonly dpi: number;
  readonly lowResolution: boolean;
  readonly downscaled: boolean;
}

/**
 * Chooses the resolution that a page is read at.
 *
 * @param maxPixels the most pixels the raster may have, from the memory budget
 */
export function chooseResolution(
  { widthInches, heightInches, ownDpi, dpiIsAssumed = false }: PageExtent,
  maxPixels: number,
): Resolution {
  const wanted = ownDpi === null ? drawnDpi : wantedForImage(ownDpi, dpiIsAssumed);
  const fitting = Math.sqrt(maxPixels / (widthInches * heightInches));
  const dpi = Math.min(wanted, fitting);
  return {
    dpi,
    lowResolution: Math.min(dpi, ownDpi ?? dpi) < lowDpi,
    downscaled: dpi < Math.min(wanted, ownDpi ?? wanted),
  };
}

function wantedForImage(ownDpi: number, isAssumed: boolean): number {
  if (ownDpi < minDpi) return Math.min(minDpi, ownDpi * maxEnlargement);
  return isAssumed ? ownDpi : Math.min(maxScanDpi, ownDpi);
}
