import type { Box, PageResult, Word } from "./page.ts";

/**
 * Where what is written lies on its page. Three ways of looking at a page, all in its pixels, x to the right and y
 * down from the top left corner: the *box space* (see {@link PageResult}), in which boxes are given; the *reading
 * space*, the box space turned clockwise by `orientation`; and a word's own rectangle, which lies askew in both.
 */

/** What says how a page's writing lies. */
export type PageGeometry = Pick<PageResult, "width" | "height" | "orientation" | "skew">;

/**
 * The rectangle that a word fills: its sides are `width` along the writing and `height` across it, in pixels. The
 * writing runs in the direction of `angleDegrees`, clockwise from the x axis of the box space, above -180, up to 180.
 */
export interface WordRectangle {
  readonly centreX: number;
  readonly centreY: number;
  readonly width: number;
  readonly height: number;
  readonly angleDegrees: number;
}

/** No side of a word is shorter, in pixels: what is written can be pointed at. */
const leastSide = 1;
const fullTurn = 360;
const degreesPerRadian = 180 / Math.PI;

/** How large the page is in reading space, in pixels. */
export function readingSpace(page: PageGeometry): { width: number; height: number } {
  const onItsSide = page.orientation % 180 !== 0;
  return onItsSide ? { width: page.height, height: page.width } : { width: page.width, height: page.height };
}

/** A box of the box space, in reading space. */
export function toReadingSpace(page: PageGeometry, box: Box): Box {
  const right = page.width - box.x - box.width;
  const below = page.height - box.y - box.height;
  switch (page.orientation) {
    case 90:
      return { x: below, y: box.x, width: box.height, height: box.width };
    case 180:
      return { x: right, y: below, width: box.width, height: box.height };
    case 270:
      return { x: box.y, y: right, width: box.height, height: box.width };
    default:
      return { ...box };
  }
}

/**
 * The rectangle of a word, in box space. A rectangle w × h turned by s degrees has a box around it of
 * W = w cos|s| + h sin|s| by H = w sin|s| + h cos|s|, with the same centre; this is solved for w and h.
 */
export function wordRectangle(page: PageGeometry, word: Pick<Word, "box">): WordRectangle {
  const { box } = word;
  const outer = toReadingSpace(page, box);
  const slant = Math.abs(page.skew) / degreesPerRadian;
  const [cos, sin] = [Math.cos(slant), Math.sin(slant)];
  // Positive up to 45 degrees; a skew is at most `maxSkew`.
  const determinant = cos * cos - sin * sin;
  const width = (outer.width * cos - outer.height * sin) / determinant;
  const height = (outer.height * cos - outer.width * sin) / determinant;
  return {
    centreX: box.x + box.width / 2,
    centreY: box.y + box.height / 2,
    width: Math.max(leastSide, width),
    height: Math.max(leastSide, height),
    angleDegrees: withinHalfTurn(page.skew - page.orientation),
  };
}

function withinHalfTurn(degrees: number): number {
  const positive = ((degrees % fullTurn) + fullTurn) % fullTurn;
  return positive > fullTurn / 2 ? positive - fullTurn : positive;
}
