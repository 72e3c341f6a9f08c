import type { RecognisedWord } from "../parseTsv.ts";

/** Of fewer letters nothing is concluded. */
const leastLetters = 20;
/** Shares of two boxes' heights and widths that lie over one another where they hold the same word. */
const leastOverlap = 0.5;

/**
 * How sure a recogniser was of what it read, 0 to 100: its words' confidence, by their letters; 0 where there are too
 * few. Digits are the same in most languages, and say nothing.
 */
export function rateReading(words: readonly RecognisedWord[]): number {
  let letters = 0;
  let sum = 0;
  for (const word of words) {
    const count = letterCount(word.text);
    letters += count;
    sum += count * word.confidence;
  }
  return letters < leastLetters ? 0 : sum / letters;
}

/**
 * By how much a reading could gain, in points of {@link rateReading}, if each of its words were taken from another of
 * the same image where that one is surer.
 */
export function gainFrom(words: readonly RecognisedWord[], other: readonly RecognisedWord[]): number {
  let letters = 0;
  let gain = 0;
  for (const word of words) {
    const count = letterCount(word.text);
    letters += count;
    const counterpart = other.find((candidate) => overlap(word, candidate));
    if (counterpart) gain += count * Math.max(0, counterpart.confidence - word.confidence);
  }
  return letters === 0 ? 0 : gain / letters;
}

function letterCount(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}

function overlap({ box: one }: RecognisedWord, { box: other }: RecognisedWord): boolean {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return (
    width > Math.max(one.width, other.width) * leastOverlap &&
    height > Math.max(one.height, other.height) * leastOverlap
  );
}
