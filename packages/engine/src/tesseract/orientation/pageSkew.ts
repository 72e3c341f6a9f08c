import { maxSkew } from "@quire/core";
import type { Bilevel } from "../../raster/binarise.ts";
import { gridOfInk } from "./inkGrid.ts";
import { type Alignment, findAlignment } from "./skew.ts";
import { findWriting, minWords } from "./writing.ts";

/** How what is written lies on a page, as far as that shows in its ink. */
export interface PageSkew {
  /** Whether its lines run down the page, or up. */
  readonly sideways: boolean;
  /** By how many degrees its lines fall to the right once it is upright; null where that does not show. */
  readonly skewDegrees: number | null;
}

/** Nothing shows of it, or nobody looked. */
export const unknownSkew: PageSkew = { sideways: false, skewDegrees: null };

/**
 * So much more writing has to run down the page than across. On clinical pages, tables and forms included, the lesser
 * of the two is at most a third of the greater.
 */
const sidewaysShare = 1.5;
/**
 * From here on lines stand out: 7.5 and more on clinical pages at angles to 15°, under 3.5 on those that are turned
 * further (docs/decisions/0015).
 */
const minProminence = 5;

/**
 * Estimates it from the page's ink alone, in about 15 ms and 2 MB.
 *
 * @param dpi resolution of the page
 */
export function estimateSkew(bilevel: Bilevel, dpi: number): PageSkew {
  const grid = gridOfInk(bilevel, dpi);
  const writing = findWriting(grid);
  const { xs, ys } = writing;
  if (writing.words < minWords) return unknownSkew;
  const across = findAlignment(xs, ys);
  const down =
    writing.down > writing.across * sidewaysShare
      ? findAlignment(
          ys,
          xs.map((x) => grid.columns - 1 - x),
        )
      : null;
  const sideways = down !== null && isClear(down) && down.sharpness > across.sharpness;
  const alignment = sideways ? down : across;
  return { sideways, skewDegrees: isClear(alignment) ? alignment.degrees : null };
}

function isClear({ degrees, prominence }: Alignment): boolean {
  return prominence >= minProminence && Math.abs(degrees) <= maxSkew;
}
