import type { NumberPlace } from "./digitText.ts";

/** Words between two lines of one cell, at most: those of the other cells of a row. */
const maxWordsBetween = 40;
/** So much of the rest of a number is no chance. */
const minRestDigits = 2;
const separator = /[.,:/-]/;

/** Numbers of the truth that were read in pieces, and where the pieces start. */
export interface WrappedNumbers {
  readonly numbers: ReadonlySet<string>;
  readonly pieces: ReadonlySet<number>;
}

/**
 * Finds numbers that are wrapped in a narrow cell, so that other cells stand between their pieces: "04/01" in one line
 * and "/2026" in the next. The pieces stand near each other and in order, put together they are the number with every
 * separator, and they part at one: "3" and "7" are no pieces of "3.7", whose point was lost.
 *
 * @param truth the numbers of the truth
 * @param parts what was read, see `DigitText.parts`
 */
export function findWrapped(truth: readonly NumberPlace[], parts: readonly NumberPlace[]): WrappedNumbers {
  const numbers = new Set<string>();
  const pieces = new Set<number>();
  for (const text of new Set(truth.map((place) => place.text))) {
    for (let index = 0; index < parts.length; index++) {
      const found = parts[index]?.text === text ? null : piecesFrom(text, parts, index, pieces);
      if (!found) continue;
      numbers.add(text);
      for (const start of found) pieces.add(start);
    }
  }
  return { numbers, pieces };
}

/**
 * Whether one of the numbers that are wrong is a right first piece of a wrapped number whose second piece is one of
 * the others, misread: "04/01" where "/2026" was read as "12026". Only the second piece is to blame.
 */
export function isHeadOfMisread(
  { text, word }: NumberPlace,
  wrong: readonly NumberPlace[],
  truth: ReadonlySet<string>,
): boolean {
  const rests = [...truth]
    .filter((number) => number.startsWith(text))
    .map((number) => number.slice(text.length));
  return rests.some((rest) => {
    if (!separator.test(rest[0] ?? "")) return false;
    const digits = rest.slice(1);
    const isNear = (other: NumberPlace) => other.word > word && other.word - word <= maxWordsBetween;
    return (
      digits.length >= minRestDigits && wrong.some((other) => isNear(other) && other.text.endsWith(digits))
    );
  });
}

/** The starts of the pieces of `rest`, of which the part at `index` is the first; null if it is none, or used. */
function piecesFrom(
  rest: string,
  parts: readonly NumberPlace[],
  index: number,
  used: ReadonlySet<number>,
): number[] | null {
  const part = parts[index];
  if (!part || used.has(part.start) || !rest.startsWith(part.text)) return null;
  if (part.text.length === rest.length) return [part.start];
  const partsHere =
    separator.test(rest[part.text.length - 1] ?? "") || separator.test(rest[part.text.length] ?? "");
  if (!partsHere) return null;
  const remaining = rest.slice(part.text.length);
  for (let next = index + 1; next < parts.length; next++) {
    const other = parts[next] as NumberPlace;
    if (other.word - part.word > maxWordsBetween) break;
    if (other.word === part.word) continue;
    const found = piecesFrom(remaining, parts, next, used);
    if (found) return [part.start, ...found];
  }
  return null;
}
