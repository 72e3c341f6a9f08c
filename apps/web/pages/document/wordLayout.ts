import type { Word } from "@quire/core";

/** Where a word lies over the picture: shares of the page in percent, and how its letters are fitted. */
export interface PlacedWord {
  readonly word: Word;
  readonly leftPercent: number;
  readonly topPercent: number;
  readonly widthPercent: number;
  readonly heightPercent: number;
  /** In percent of the page's width (`cqw`). */
  readonly fontSizePercent: number;
  /** Widens or narrows the letters, so that what is selected is as wide as what is seen. */
  readonly stretch: number;
}

/** How wide a text is set in the font of the layer, in font sizes. */
export type MeasureText = (text: string) => number;

/** A line of print is about so much higher than its font is large. */
const lineHeightOfFont = 1.2;

/**
 * Places words over a picture. Words of a line get one height, so that a selection has straight edges.
 * @param page the size of the box space, in the pixels of the words' boxes
 */
export function placeWords(
  words: readonly Word[],
  page: { readonly width: number; readonly height: number },
  measure: MeasureText,
): PlacedWord[] {
  const lineHeights = tallestOfLines(words);
  return words.map((word) => {
    const height = lineHeights.get(lineOf(word)) ?? word.box.height;
    const middle = word.box.y + word.box.height / 2;
    const fontSize = height / lineHeightOfFont;
    const naturalWidth = measure(word.text) * fontSize;
    return {
      word,
      leftPercent: (word.box.x / page.width) * 100,
      topPercent: ((middle - height / 2) / page.height) * 100,
      widthPercent: (word.box.width / page.width) * 100,
      heightPercent: (height / page.height) * 100,
      fontSizePercent: (fontSize / page.width) * 100,
      stretch: naturalWidth > 0 ? word.box.width / naturalWidth : 1,
    };
  });
}

export function lineOf(word: Word): string {
  return `${word.block}:${word.line}`;
}

/** A word that towers over its line (a bracket, a stain) does not raise the others beyond this. */
const maxOfMedian = 1.5;

function tallestOfLines(words: readonly Word[]): Map<string, number> {
  const heights = new Map<string, number[]>();
  for (const word of words) {
    const line = heights.get(lineOf(word));
    if (line === undefined) {
      heights.set(lineOf(word), [word.box.height]);
    } else {
      line.push(word.box.height);
    }
  }
  return new Map(
    [...heights].map(([line, all]) => {
      const sorted = all.toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
      return [line, Math.min(sorted.at(-1) ?? median, median * maxOfMedian)];
    }),
  );
}
