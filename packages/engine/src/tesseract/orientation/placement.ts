import type { Box, Orientation } from "@quire/core";
import { turnBoxBack } from "./quarterTurns.ts";
import { type Size, type Straightening, turnOf } from "./straighten.ts";

/** Boxes that were turned back are given to a tenth of a pixel. */
const precision = 10;

/**
 * Brings a box on the image that was recognised back onto the page as the file shows it: the upright rectangle around
 * it, within the page.
 *
 * @param page the page's size in pixels
 * @param straightening how the page was straightened, null where it was not
 * @param turn by which it was then turned
 */
export function toBoxSpace(
  box: Box,
  page: Size,
  straightening: Straightening | null,
  turn: Orientation,
): Box {
  if (!straightening) return turnBoxBack(box, page, turn);
  const { canvas, degrees, scale } = straightening;
  const straight = turnBoxBack(box, canvas, turn);
  const { sin, cos } = turnOf(degrees);
  const rightwards = (straight.x + straight.width / 2 - canvas.width / 2) / scale;
  const downwards = (straight.y + straight.height / 2 - canvas.height / 2) / scale;
  const centreX = page.width / 2 + rightwards * cos - downwards * sin;
  const centreY = page.height / 2 + rightwards * sin + downwards * cos;
  const width = (straight.width * cos + straight.height * Math.abs(sin)) / scale;
  const height = (straight.width * Math.abs(sin) + straight.height * cos) / scale;
  const left = clamped(centreX - width / 2, page.width);
  const top = clamped(centreY - height / 2, page.height);
  return {
    x: left,
    y: top,
    width: rounded(clamped(centreX + width / 2, page.width) - left),
    height: rounded(clamped(centreY + height / 2, page.height) - top),
  };
}

function clamped(place: number, most: number): number {
  return rounded(Math.min(most, Math.max(0, place)));
}

function rounded(pixels: number): number {
  return Math.round(pixels * precision) / precision;
}
