import type { GreyRaster } from "../raster/greyRaster.ts";
import { measureLetterHeight } from "./letterHeight.ts";
import { type GreyImage, resize } from "./resize.ts";

/** The page at the size that the detector needs, and how many of its pixels stand for one of the page's. */
export interface ScaledPage {
  readonly image: GreyImage;
  readonly scale: number;
  /** Height of typical letters in pixels of the page; null where too few were found to tell. */
  readonly letterHeight: number | null;
}

/**
 * Height of typical letters in the detector's input: an A4 page of body text at 300 dpi comes to about 1,280 pixels, the
 * size that PP-OCR's authors use.
 */
const detectorLetterHeight = 11.5;
/**
 * Where too few letters are found, the page is taken for an A4 page of body text, and never enlarged: the few letters of
 * a small page are most likely large, and enlarged they are cut in two between the detector's pieces.
 */
const defaultLongSide = 1280;
/** Enlarging more than this shows nothing that is not in the pixels. */
const maxScale = 2;
/** Letters are measured on so many pixels at most, which takes 30 ms: 12-point text of an A4 page is 16 high there. */
const measuredPixels = 2_200_000;

/** Measures the letters of a page and makes the detector's input for it. */
export function scalePage(raster: GreyRaster): ScaledPage {
  const reduction = 1 / Math.max(1, Math.round(Math.sqrt((raster.width * raster.height) / measuredPixels)));
  const reduced = reduction < 1 ? resize(raster, reduction) : raster;
  const measured = measureLetterHeight(reduced);
  const letterHeight = measured === null ? null : measured / reduction;
  const wanted =
    letterHeight === null
      ? Math.min(1, defaultLongSide / Math.max(raster.width, raster.height))
      : detectorLetterHeight / letterHeight;
  const scale = Math.min(maxScale, wanted);
  return {
    image: scale <= reduction ? resize(reduced, scale / reduction) : resize(raster, scale),
    scale,
    letterHeight,
  };
}
