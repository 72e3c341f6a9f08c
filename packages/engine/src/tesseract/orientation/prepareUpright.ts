import type { CorrectionMode } from "@quire/core";
import { type Binarisation, binarise } from "../../raster/binarise.ts";
import type { GreyRaster } from "../../raster/greyRaster.ts";
import type { PageImage } from "../../raster/netpbm.ts";
import { estimateSkew, unknownSkew } from "./pageSkew.ts";
import { planStraightening, type Size, type Straightening, straighten } from "./straighten.ts";

/** A page for Tesseract: straight, and turned by whoever reads it. */
export interface UprightImage {
  readonly image: PageImage;
  readonly dpi: number;
  /** The page's own size in pixels: the box space. */
  readonly page: Size;
  /** How it was straightened, null where it lay straight enough. */
  readonly straightening: Straightening | null;
  /** By how many degrees its lines fall to the right once it is upright; 0 where that does not show. */
  readonly skewDegrees: number;
  /** Whether its lines run down or up the image. */
  readonly sideways: boolean;
}

/** In degrees: pages askew by one are read as well as straight ones, by two not (docs/decisions/0015). */
const bearableSkew = 0.8;
/** Fewer black pixels than a full stop at 200 dpi: nothing is written here. */
const minInkPixels = 12;

/**
 * Makes the image for Tesseract, straightened where the page lies askew; null where it is empty. The raster is used up.
 */
export function prepareUpright(raster: GreyRaster, rotate: CorrectionMode): UprightImage | null {
  const page = { width: raster.width, height: raster.height };
  const asItLies = binarise(raster);
  if (asItLies.safe && asItLies.bilevel.blackPixels < minInkPixels) return null;
  const pageSkew = rotate === "auto" ? estimateSkew(asItLies.bilevel, raster.dpi) : unknownSkew;
  const { sideways } = pageSkew;
  const skewDegrees = pageSkew.skewDegrees ?? 0;
  if (Math.abs(skewDegrees) < bearableSkew) {
    return {
      page,
      sideways,
      skewDegrees,
      image: chooseImage(raster, asItLies),
      dpi: raster.dpi,
      straightening: null,
    };
  }
  const straightening = planStraightening(page, skewDegrees, raster.width * raster.height);
  const straight = straighten(raster, straightening);
  const image = chooseImage(straight, binarise(straight));
  return { page, sideways, skewDegrees, image, dpi: straight.dpi, straightening };
}

/** One bit a pixel is faster and an eighth of the memory, but only where the page is clean enough to lose nothing by it. */
function chooseImage(raster: GreyRaster, { bilevel, safe }: Binarisation): PageImage {
  return safe ? bilevel : raster;
}
