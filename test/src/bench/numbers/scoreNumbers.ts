import type { ReadWord } from "../accuracy/pieces.ts";
import { DigitText, type NumberPlace } from "./digitText.ts";
import { findWrapped, isHeadOfMisread } from "./wrappedNumbers.ts";

/** What became of the numbers of some documents; adds up. */
export interface NumberScore {
  /** Numbers read, and those of them in words that are marked uncertain. */
  readonly read: number;
  readonly marked: number;
  /** Numbers read that the truth does not hold, by whether they are marked. */
  readonly wrongUnmarked: readonly string[];
  readonly wrongMarked: readonly string[];
  /** Of `wrongUnmarked`: how many are not even part of a longer number, or of two in a row, of the truth. */
  readonly nowhere: number;
  readonly inTruth: number;
  /** Numbers of the truth that were not read, marked or not. */
  readonly lost: readonly string[];
  readonly wordsWithDigits: number;
  readonly wordsWithDigitsMarked: number;
}

/** A number may be wrapped or spaced into so many pieces more. */
const maxNeighbours = 3;
const digit = /\p{Nd}/u;

/**
 * Compares the numbers read with those of the truth.
 *
 * White space is removed from both texts, but without more that would glue the cells of a table, which the two texts
 * may have in different orders. So the numbers are those between white space, and one is right if the truth without
 * white space holds it from the start of a number to the end of one ("4.1 3.5-5.0" read as "4.13.5-5.0"), by itself
 * or together with neighbours from which only white space parts it ("04/01 /2026" for "04/01/2026"), or as a piece of
 * a number that is wrapped in a cell with other cells between the pieces (see {@link findWrapped}). A number that is
 * only part of another ("37" in "1376", "7" in "3.7") is wrong. The same, the other way round, tells what was lost.
 */
export function scoreNumbers(truthText: string, words: readonly ReadWord[]): NumberScore {
  const truth = new DigitText(truthText.split(/\s+/));
  const read = new DigitText(words.map(({ text }) => text));
  const unread = missingFrom(truth, read);
  const wrapped = findWrapped(truth.numbers, read.parts);
  const isMarked = ({ word }: NumberPlace) => words[word]?.uncertain ?? false;
  const missing = missingFrom(read, truth).filter((place) => !wrapped.pieces.has(place.start));
  const texts = new Set(truth.numbers.map(({ text }) => text));
  const wrong = missing.filter((place) => !isHeadOfMisread(place, missing, texts));
  const wrongUnmarked = wrong.filter((place) => !isMarked(place)).map(({ text }) => text);
  const withDigits = words.filter(({ text }) => digit.test(text));
  return {
    read: read.numbers.length,
    marked: read.numbers.filter(isMarked).length,
    wrongUnmarked,
    wrongMarked: wrong.filter(isMarked).map(({ text }) => text),
    nowhere: wrongUnmarked.filter((text) => !truth.text.includes(text)).length,
    inTruth: truth.numbers.length,
    lost: unread.filter(({ text }) => !wrapped.numbers.has(text)).map(({ text }) => text),
    wordsWithDigits: withDigits.length,
    wordsWithDigitsMarked: withDigits.filter(({ uncertain }) => uncertain).length,
  };
}

/** The numbers of one text that the other does not hold, by themselves or with neighbours. */
function missingFrom(text: DigitText, other: DigitText): NumberPlace[] {
  return text.numbers.filter((_, index) => {
    for (const characters of text.withNeighbours(index, maxNeighbours))
      if (other.has(characters)) return false;
    return true;
  });
}

export function addNumberScores(scores: readonly NumberScore[]): NumberScore {
  const sum = (count: (score: NumberScore) => number) =>
    scores.reduce((total, score) => total + count(score), 0);
  return {
    read: sum(({ read }) => read),
    marked: sum(({ marked }) => marked),
    wrongUnmarked: scores.flatMap(({ wrongUnmarked }) => wrongUnmarked),
    wrongMarked: scores.flatMap(({ wrongMarked }) => wrongMarked),
    nowhere: sum(({ nowhere }) => nowhere),
    inTruth: sum(({ inTruth }) => inTruth),
    lost: scores.flatMap(({ lost }) => lost),
    wordsWithDigits: sum(({ wordsWithDigits }) => wordsWithDigits),
    wordsWithDigitsMarked: sum(({ wordsWithDigitsMarked }) => wordsWithDigitsMarked),
  };
}
