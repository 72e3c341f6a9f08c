import type { LaidLine } from "./laidLine.ts";

/** A line with its words. */
export interface LineOfWords<Word> extends LaidLine {
  readonly words: readonly Word[];
}

/** Only lines of narrow cells are joined: at most so many times as wide as high. */
const maxWidth = 8;
/** The second line begins below the first, at most so far, in multiples of its height. */
const maxGap = 0.5;
/** Both begin, or have their middle, at the same place, within this share of their height. */
const maxShift = 0.6;

/**
 * Joins what was wrapped at a slash in a narrow cell: "04/01" over "/2026" is one date, "mg/" over "dL" one unit. The joined
 * word stands in the first line.
 *
 * @param join makes one word of two
 */
export function joinWrapped<Word extends { readonly text: string }>(
  lines: readonly LineOfWords<Word>[],
  join: (first: Word, second: Word) => Word,
): LineOfWords<Word>[] {
  const left = lines.toSorted((one, other) => one.top - other.top);
  for (let index = 0; index < left.length; index++) {
    for (;;) {
      const first = left[index] as LineOfWords<Word>;
      const next = left.findIndex((second, place) => place > index && isWrapped(first, second));
      if (next < 0) break;
      const second = left[next] as LineOfWords<Word>;
      const [taken, ...rest] = second.words;
      const last = first.words.at(-1) as Word;
      left[index] = { ...first, words: [...first.words.slice(0, -1), join(last, taken as Word)] };
      if (rest.length === 0) left.splice(next, 1);
      else left[next] = { ...second, words: rest };
      // What is joined to a line of several words ends there; a single word may go on: "mL/", "min/", "1.73".
      if (rest.length > 0) break;
      left[index] = { ...(left[index] as LineOfWords<Word>), bottom: second.bottom };
    }
  }
  return left;
}

const letterOrDigit = /[\p{L}\p{N}]$/u;

function isWrapped<Word extends { readonly text: string }>(
  first: LineOfWords<Word>,
  second: LineOfWords<Word>,
): boolean {
  const before = first.words.at(-1)?.text;
  const after = second.words[0]?.text;
  if (before === undefined || after === undefined) return false;
  if (!before.endsWith("/") && !(after.startsWith("/") && letterOrDigit.test(before))) return false;
  const height = second.bottom - second.top;
  const width = Math.max(first.right - first.left, second.right - second.left);
  const gap = second.top - first.bottom;
  const shift = Math.min(
    Math.abs(first.left - second.left),
    Math.abs(first.left + first.right - second.left - second.right) / 2,
  );
  return width <= maxWidth * height && Math.abs(gap) <= maxGap * height && shift <= maxShift * height;
}
