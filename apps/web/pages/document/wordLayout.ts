import type { Word } from "@quire/core";
import { type PageGeometry, readingSpace, toReadingSpace, wordRectangle } from "@quire/core/geometry";

/** Where a word lies over the picture, which stands upright: shares of it in percent, and how its letters are fitted. */
export interface PlacedWord {
  readonly word: Word;
  readonly leftPercent: number;
  readonly topPercent: number;
  readonly widthPercent: number;
  readonly heightPercent: number;
  /** In percent of the picture's width (`cqw`). */
  readonly fontSizePercent: number;
  /** Widens or narrows the letters, so that what is selected is as wide as what is seen. */
  readonly stretch: number;
  /** By how much it falls to the right, about its top left corner. */
  readonly angleDegrees: number;
}

/** How wide a text is set in the font of the layer, in font sizes. */
export type MeasureText = (text: string) => number;

/** A line of print is about so much higher than its font is large. */
const lineHeightOfFont = 1.2;

/**
 * Places words over a picture. Words of a level line get one top and one height, so that a selection has straight
 * edges; those of a line that slants get one height and keep their own middle. On a page that is known to be askew
 * each word lies as askew as it is printed.
 * @param page how what is written lies on it, and its size in the pixels of the words' boxes
 */
export function placeWords(words: readonly Word[], page: PageGeometry, measure: MeasureText): PlacedWord[] {
  const space = readingSpace(page);
  const upright = words.map((word) => ({ ...word, box: toReadingSpace(page, word.box) }));
  const rectangleOf =
    page.skew === 0 ? inLines(upright) : askew({ ...space, orientation: 0, skew: page.skew });
  return upright.map((word) => {
    const { left, top, width, height } = rectangleOf(word);
    const fontSize = height / lineHeightOfFont;
    const naturalWidth = measure(word.text) * fontSize;
    return {
      word,
      leftPercent: (left / space.width) * 100,
      topPercent: (top / space.height) * 100,
      widthPercent: (width / space.width) * 100,
      heightPercent: (height / space.height) * 100,
      fontSizePercent: (fontSize / space.width) * 100,
      stretch: naturalWidth > 0 ? width / naturalWidth : 1,
      angleDegrees: page.skew,
    };
  });
}

/** In pixels; left and top are of the corner where the word begins. */
interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function inLines(words: readonly Word[]): (word: Word) => Rectangle {
  const lines = measureLines(words);
  return (word) => {
    const { box } = word;
    const line = lines.get(lineOf(word)) as Line;
    const top = line.top ?? box.y + (box.height - line.height) / 2;
    return { left: box.x, top, width: box.width, height: line.height };
  };
}

function askew(page: PageGeometry): (word: Word) => Rectangle {
  return (word) => {
    const { centreX, centreY, width, height, angleDegrees } = wordRectangle(page, word);
    const angle = (angleDegrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const left = centreX - (width * cos - height * sin) / 2;
    const top = centreY - (width * sin + height * cos) / 2;
    return { left, top, width, height };
  };
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
