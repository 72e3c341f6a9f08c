import { type Limits, QuireError } from "@quire/core";

const megapixels = (pixels: number) => (pixels / 1_000_000).toFixed(1);

/** @throws QuireError `page_too_large` if an image has more pixels than the limit */
export function checkPixels(width: number, height: number, limits: Pick<Limits, "maxPagePixels">): void {
  if (width * height <= limits.maxPagePixels) return;
  throw new QuireError(
    "page_too_large",
    `${width} × ${height} pixels (${megapixels(width * height)} megapixels) are over the limit of ` +
      `${megapixels(limits.maxPagePixels)} megapixels a page. Scan at a lower resolution, 300 dpi is enough.`,
  );
}

/** Long side of A4 in inches: what an image without a believable resolution is taken to show. */
const assumedLongSideInches = 11.7;
/** Screens have 96 dpi; an image that would come out below that is a crop, not a page. */
const leastAssumedDpi = 96;
/** A page is between a card and a poster; a resolution that says otherwise is a default somebody left in. */
const plausibleLongSideInches = { least: 3, most: 50 };
/** 72 and 96 dpi are what programs write when they do not know. */
const leastBelievableDpi = 97;

/**
 * The resolution an image was made at: its own where that is believable, else, `assumed`, as if it showed an A4 page.
 *
 * @param longSide the longer side in pixels
 * @param statedDpi what the file says, if it says anything
 */
export function imageDpi(longSide: number, statedDpi: number | undefined): { dpi: number; assumed: boolean } {
  if (statedDpi !== undefined && statedDpi >= leastBelievableDpi) {
    const inches = longSide / statedDpi;
    if (inches >= plausibleLongSideInches.least && inches <= plausibleLongSideInches.most)
      return { dpi: statedDpi, assumed: false };
  }
  return { dpi: Math.max(leastAssumedDpi, longSide / assumedLongSideInches), assumed: true };
}
