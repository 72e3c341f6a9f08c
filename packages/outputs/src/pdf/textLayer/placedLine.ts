import { type PageGeometry, toReadingSpace, type Word, wordRectangle } from "@quire/core";
import { readsRightToLeft, visualOrder } from "./visualOrder.ts";

/**
 * A word as it is seen and where it is to be written, in pixels of its page's reading space. Its left edge is at
 * `left`; it stands on `foot` and is `height` high. The blank behind it is `gap` wide: it reaches to the next word of its
 * line.
 */
export interface PlacedWord {
  readonly text: string;
  readonly left: number;
  readonly foot: number;
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/** A line's words share its height where that moves no edge of theirs by more than this share of the page's height. */
const mostMovedShare = 0.01;
/** A word this many times as high as the line's middle one is not only a word: a rule, or two lines, is in its box. */
const tooHigh = 2;
/** Fewer words than this do not tell how a line runs. */
const leastWordsForSlope = 3;
/** Words are at least so far apart, as a share of their height: Poppler, which looks at gaps alone, wants 0.15. */
const leastGapShare = 0.2;
/** Of a word's width, as much must remain when it makes room for a gap. */
const leastWidthShare = 0.5;

interface Extent {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Places the words of a line. Boxes are tight around the ink, so those of "are" and "By" differ in height and in where
 * they stand. Programs that read PDF tell lines and columns apart by the size of the font and by its baseline: the words
 * get those of their line, as in print, unless a word's own box is far from it.
 *
 * Where the lines fall or rise, each word is written straight all the same, at its own height: Poppler takes a word to
 * end where its foot has moved by half a point, so that slanted ones would be found in pieces. At 10 degrees the ends of
 * a word are then off by less than a tenth of its length.
 *
 * @param words one line's, in reading order
 */
export function placeLine(page: PageGeometry, words: readonly Word[]): PlacedWord[] {
  const extents = inVisualOrder(words.map((word) => extentOf(page, word)));
  const usual = tooHigh * middle(extents.map(({ top, bottom }) => bottom - top));
  const level = extents.filter(({ top, bottom }) => bottom - top <= usual);
  const slope = slopeOf(level, page.skew);
  const drop = ({ left, right }: Extent) => (slope * (left + right)) / 2;
  const lineTop = Math.min(...level.map((extent) => extent.top - drop(extent)));
  const lineBottom = Math.max(...level.map((extent) => extent.bottom - drop(extent)));
  const most = mostMovedShare * page.height;

  return extents.map((extent, index) => {
    const next = extents[index + 1];
    const [top, bottom] = [lineTop + drop(extent), lineBottom + drop(extent)];
    const near = Math.abs(top - extent.top) <= most && Math.abs(bottom - extent.bottom) <= most;
    const height = near ? bottom - top : extent.bottom - extent.top;
    const right = rightEdge(extent, next, height);
    return {
      text: visualOrder(extent.text),
      left: extent.left,
      foot: near ? bottom : extent.bottom,
      width: right - extent.left,
      height,
      // There is one behind the last word, too: the next line may begin right there, in another column.
      gap: Math.max(next ? next.left - right : 0, leastGapShare * height),
    };
  });
}

/** The words from left to right, where some of them are read from right to left. */
function inVisualOrder(extents: readonly Extent[]): readonly Extent[] {
  const turned = extents.some(({ text }) => readsRightToLeft(text));
  return turned ? extents.toSorted((a, b) => a.left - b.left) : extents;
}

/** A word ends where its box does, or a little before where the next one begins at once. */
function rightEdge({ left, right }: Extent, next: Extent | undefined, height: number): number {
  if (!next || next.left < left) return right;
  const apart = next.left - leastGapShare * height;
  return Math.max(Math.min(right, apart), left + leastWidthShare * (right - left));
}

function extentOf(page: PageGeometry, word: Word): Extent {
  const outer = toReadingSpace(page, word.box);
  const { height } = wordRectangle(page, word);
  const middleDown = outer.y + outer.height / 2;
  return {
    text: word.text,
    left: outer.x,
    right: outer.x + outer.width,
    top: middleDown - height / 2,
    bottom: middleDown + height / 2,
  };
}

/** By how much the line's feet still fall, a pixel along: least squares. A scan is seldom straight to the pixel. */
function slopeOf(extents: readonly Extent[], skew: number): number {
  if (extents.length < leastWordsForSlope) return Math.tan((skew * Math.PI) / 180);
  const meanAlong = extents.reduce((sum, { left, right }) => sum + (left + right) / 2, 0) / extents.length;
  let covariance = 0;
  let variance = 0;
  for (const { left, right, bottom } of extents) {
    const along = (left + right) / 2 - meanAlong;
    covariance += along * bottom;
    variance += along * along;
  }
  return variance > 0 ? covariance / variance : 0;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
