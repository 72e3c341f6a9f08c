import type { Quality } from "@quire/core";
import { type Character, meanProbability } from "./recognise.ts";
import { mayBeUnit } from "./units.ts";
import { textOf } from "./verify.ts";
import type { LineWord } from "./words.ts";

const digit = /\d/u;
const letterOrDigit = /[\p{L}\p{N}]/u;
/** Letters that digits are mistaken for, alone in a word: an O is a 0, an I or l a 1. */
const lookAlikesOnly = /^[OoIl|SBZ]+[.,:;]?$/u;
/** A character less probable than this makes its word uncertain: most errors are below, most words above. */
const sureCharacter = 0.8;

/** Whether the second recogniser reads a word again: see {@link Quality}. */
export function needsSecondReading({ characters }: LineWord, quality: Quality): boolean {
  if (quality === "best") return true;
  const text = textOf(characters);
  if (digit.test(text) || lookAlikesOnly.test(text)) return true;
  if (quality === "fast") return false;
  return mayBeUnit(text) || characters.some(({ probability }) => probability < sureCharacter);
}

/**
 * A line of so few characters that are this improbable is a stroke of a logo, a stamp or a stain; one without a letter or
 * digit is even where it is surer. A digit is never dropped as easily as a letter.
 */
const noise = { characters: 4, probability: 0.75, digits: 0.6, marks: 0.9 };

export function isNoise(characters: readonly Character[]): boolean {
  if (isRuling(characters)) return true;
  if (characters.length > noise.characters) return false;
  const text = textOf(characters);
  const min = digit.test(text) ? noise.digits : letterOrDigit.test(text) ? noise.probability : noise.marks;
  return meanProbability(characters) < min;
}

/**
 * So many characters, nearly all of them the same mark or a letter of plain strokes, are a dotted or wavy line between
 * parts of a page. (Rows of X are text: something was blacked out.)
 */
const ruling = { characters: 8, share: 0.8, character: /^(?:[^\p{L}\p{N}]|[mnuwilI])$/u };

function isRuling(characters: readonly Character[]): boolean {
  if (characters.length < ruling.characters) return false;
  const counts = Map.groupBy(characters, ({ text }) => text);
  const [most = "", same = []] =
    [...counts].toSorted(([, one], [, other]) => other.length - one.length)[0] ?? [];
  return same.length >= ruling.share * characters.length && ruling.character.test(most);
}

/** A digit, or letters that are taken for one; no stroke, for the pieces of ruling lines and stains look like those. */
const roundNumber = /^[02-9OoSBZ][\dOoSBZ]*$/u;

/** Whether what {@link isNoise} says of a reading is to be confirmed by another one: it may be a number in a cell. */
export function mayBeNumber(characters: readonly Character[]): boolean {
  return roundNumber.test(textOf(characters));
}

/** Below this probability a word without a letter or digit is a speck, or a piece of a ruling line. */
const minMark = 0.5;

export function isMark(characters: readonly Character[]): boolean {
  return (
    !letterOrDigit.test(textOf(characters)) && characters.every(({ probability }) => probability < minMark)
  );
}
