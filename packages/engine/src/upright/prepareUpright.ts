import type { CorrectionMode } from "@quire/core";
import { binarise } from "../raster/binarise.ts";
import type { GreyRaster } from "../raster/greyRaster.ts";
import type { PageImage } from "../raster/netpbm.ts";
import { chooseImage, isEmpty } from "../raster/prepare.ts";
import { findLie, unknownLie } from "./lie.ts";
import { softenEdges } from "./softenEdges.ts";
import { planStraightening, type Size, type Straightening, straighten } from "./straighten.ts";

/** A page for the recogniser: straight, and turned by whoever reads it. */
export interface UprightImage {
  readonly image: PageImage;
  readonly dpi: number;
  /** The page's own size in pixels: the box space. */
  readonly page: Size;
  /** How it was straightened, null where it lay straight enough. */
  readonly straightening: Straightening | null;
  /** Whether its lines run down or up the image. */
  readonly sideways: boolean;
}

export interface UprightOptions {
  readonly rotate: CorrectionMode;
  readonly deskew: CorrectionMode;
  /** Resolution of the page's own image, null if it is drawn. */
  readonly ownDpi: number | null;
  /** The most pixels an image of the page may have. */
  readonly mostPixels: number;
}

/** In degrees: askew by one, pages are read as well as straight ones, by two not (docs/decisions/0015). */
const bearableSkew = 0.8;

/** Makes the image for the recogniser, straightened where the page lies askew; null where it is empty. The raster is used up. */
export function prepareUpright(raster: GreyRaster, options: UprightOptions): UprightImage | null {
  const { rotate, deskew, ownDpi, mostPixels } = options;
  const page = { width: raster.width, height: raster.height };
  const asItLies = binarise(raster);
  if (isEmpty(asItLies)) return null;
  const asked = rotate === "auto" || deskew === "auto";
  const lie = asked ? findLie(asItLies.bilevel, raster.dpi) : unknownLie;
  const sideways = lie.sideways && rotate === "auto";
  const skewDegrees = deskew === "auto" ? (lie.skewDegrees ?? 0) : 0;
  if (Math.abs(skewDegrees) < bearableSkew) {
    const image = chooseImage(raster, asItLies, ownDpi);
    return { page, sideways, image, dpi: raster.dpi, straightening: null };
  }
  const straightening = planStraightening(page, skewDegrees, mostPixels);
  softenEdges(raster);
  const straight = straighten(raster, straightening);
  const image = chooseImage(straight, binarise(straight), ownDpi);
  return { page, sideways, image, dpi: straight.dpi, straightening };
}
