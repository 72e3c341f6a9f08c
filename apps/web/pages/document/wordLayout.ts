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
 * Places words over a picture. Words of a level line get one top and one height, so that a selection has straight
 * edges; those of a line that slants get one height and keep their own middle.
 * @param page the size of the box space, in the pixels of the words' boxes
 */
export function placeWords(
  words: readonly Word[],
  page: { readonly width: number; readonly height: number },
  measure: MeasureText,
): PlacedWord[] {
  const lines = measureLines(words);
  return words.map((word) => {
    const line = lines.get(lineOf(word)) as Line;
    const { height } = line;
    const top = line.top ?? word.box.y + (word.box.height - height) / 2;
    const fontSize = height / lineHeightOfFont;
    const naturalWidth = measure(word.text) * fontSize;
    return {
      word,
      leftPercent: (word.box.x / page.width) * 100,
      topPercent: (top / page.height) * 100,
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

interface Line {
  readonly height: number;
  /** Null where the line is not level. */
  readonly top: number | null;
}

/** A word that towers over its line (a bracket, a stain) does not raise the others beyond this. */
const maxOfMedian = 1.5;
/** A line counts as level if its words together are not much higher than the highest of them. */
const levelWithin = 1.5;

function measureLines(words: readonly Word[]): Map<string, Line> {
  return new Map(
    [...Map.groupBy(words, lineOf)].map(([line, ofLine]) => {
      const heights = ofLine.map(({ box }) => box.height).sort((a, b) => a - b);
      const median = heights[Math.floor(heights.length / 2)] as number;
      const highest = Math.min(heights.at(-1) as number, median * maxOfMedian);
      const top = Math.min(...ofLine.map(({ box }) => box.y));
      const bottom = Math.max(...ofLine.map(({ box }) => box.y + box.height));
      const isLevel = bottom - top <= highest * levelWithin;
      return [line, isLevel ? { height: bottom - top, top } : { height: highest, top: null }];
    }),
  );
}
