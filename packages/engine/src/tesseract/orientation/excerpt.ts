import type { Box } from "@quire/core";
import { binarise } from "../../raster/binarise.ts";
import type { PageImage } from "../../raster/netpbm.ts";
import { gridOfInk } from "./inkGrid.ts";
import { findWriting, minWords } from "./writing.ts";

/** So much ink, in cells, is that of about 30 words of body text: enough to tell which way up it is. */
const inkOfFewWords = 3_000;
/** A strip ends where the least ink is within so many cells, so that it cuts through no line. */
const gapReach = 8;

/**
 * Chooses the strip of the page in which most is written, along its lines and as narrow as is enough to try which way
 * up it is; all of the page where less is written, null where hardly anything is.
 *
 * @param sideways whether its lines run up or down the page
 * @param enoughInk in cells; by default for its way up to be tried
 * @returns whole pixels within the page
 */
export function chooseExcerpt(
  image: PageImage,
  dpi: number,
  sideways: boolean,
  enoughInk = inkOfFewWords,
): Box | null {
  const grid = gridOfInk("bits" in image ? image : binarise(image).bilevel, dpi);
  const { xs, ys, words } = findWriting(grid);
  if (words < minWords) return null;
  const profile = new Uint32Array(sideways ? grid.columns : grid.rows);
  for (const place of sideways ? xs : ys) profile[place] = (profile[place] as number) + 1;
  const { first, end } = narrowest(profile, enoughInk);
  const side = sideways ? image.width : image.height;
  const start = gapNear(profile, first, -1) * grid.cellPixels;
  const length = Math.min(side, (gapNear(profile, end - 1, 1) + 1) * grid.cellPixels) - start;
  return sideways
    ? { x: start, y: 0, width: length, height: image.height }
    : { x: 0, y: start, width: image.width, height: length };
}

/** The shortest stretch with enough ink. */
function narrowest(profile: Uint32Array, enoughInk: number): { first: number; end: number } {
  let best = { first: 0, end: profile.length };
  let first = 0;
  let ink = 0;
  for (let end = 1; end <= profile.length; end++) {
    ink += profile[end - 1] as number;
    while (ink - (profile[first] as number) >= enoughInk) ink -= profile[first++] as number;
    if (ink >= enoughInk && end - first < best.end - best.first) best = { first, end };
  }
  return best;
}

/** The place with the least ink from here on; the nearest of them. */
function gapNear(profile: Uint32Array, place: number, step: -1 | 1): number {
  let best = place;
  for (let reach = 1; reach <= gapReach; reach++) {
    const next = place + step * reach;
    if (next < 0 || next >= profile.length) break;
    if ((profile[next] as number) < (profile[best] as number)) best = next;
  }
  return best;
}
