import { type Columns, type LineInk, widestGap } from "./ink.ts";
import { frameWidth, lineHeight } from "./lineImage.ts";
import type { Character, LineReading } from "./recognise.ts";

/** A word of a line: its characters, and the columns of the line image that its ink takes. */
export interface LineWord {
  readonly characters: readonly Character[];
  readonly columns: Columns;
}

/**
 * Where spaces stand, in columns of an image of {@link lineHeight} pixels. Set on 163,000 pairs of neighbouring characters
 * of clinical scans, faxes and screenshots, 24,000 of them words apart: letters of one word lie at most 8 columns apart
 * (99 %), words at least 8 (99 %), and the recogniser's probability is over 0.9 or under 0.01 for nearly all.
 */
const spaceLimits = {
  /** A gap that says as little for a space as against it, and what a column more counts beside the probability's logit. */
  neutralGap: 9,
  weightOfColumn: 0.35,
  /** A probability of 0 or 1 is not taken at its word. */
  minDoubt: 0.002,
  /** A gap so wide, and so much wider than usual in the line, is a space whatever the recogniser says. */
  wideGap: 18,
  wideRatio: 2.5,
  /** Before closing and after opening punctuation there is none, unless the gap is this wide. */
  gapAtPunctuation: 24,
  /** … or the recogniser says so and it is at least this wide. */
  probable: 0.5,
  gapAtProbable: 12,
  /** Within what may be a time ("11:15") a wide colon's gap is none, unless the recogniser is this sure. */
  probableInTime: 0.2,
  /**
   * A dash between two numbers with this much room on both sides, and either a hint of a space or so much more room than
   * usual in the line, stands for a range: spaces around it.
   */
  gapAroundDash: 8,
  probabilityAroundDash: 0.05,
  ratioAroundDash: 1.7,
};

/**
 * Splits what was read of a line into words. Both recognisers drop spaces, so the gaps in the ink count with the
 * probability of a space.
 */
export function splitWords({ characters, spaces }: LineReading, ink: LineInk): LineWord[] {
  const gaps = characters.slice(1).map((next, index) => {
    const before = characters[index] as Character;
    return gapBetween(before, next, ink);
  });
  const typical = Math.max(1, median(gaps.map(widthOf)));
  const words: LineWord[] = [];
  let first = 0;
  for (let index = 0; index < characters.length; index++) {
    const next = characters[index + 1];
    const gap = gaps[index];
    if (next && !isSpace(characters, index, { gaps, typical, spaces })) continue;
    const start =
      first === 0
        ? firstInk(ink, characters[0] as Character)
        : startAfter(gaps[first - 1], characters[first] as Character);
    const end = next ? endBefore(gap, next) : lastInk(ink, characters[index] as Character);
    words.push({
      characters: characters.slice(first, index + 1),
      columns: { start, end: Math.max(start + 1, end) },
    });
    first = index + 1;
  }
  return words;
}

interface SpaceEvidence {
  readonly gaps: readonly (Columns | null)[];
  readonly typical: number;
  readonly spaces: Float32Array;
}

const openingPunctuation = /^[([{¿¡]$/u;
const closingPunctuation = /^[)\]}.,;:!?]$/u;
const dash = /^[-–—]$/u;
const digit = /^\d$/u;

function isSpace(characters: readonly Character[], index: number, evidence: SpaceEvidence): boolean {
  const { gaps, typical, spaces } = evidence;
  const before = characters[index] as Character;
  const after = characters[index + 1] as Character;
  const width = widthOf(gaps[index]);
  const probability = spaceProbability(spaces, before.column, after.column);
  // An empty check box: "[ ]".
  if (before.text === "[" && after.text === "]") return width >= spaceLimits.neutralGap;
  if (openingPunctuation.test(before.text) || closingPunctuation.test(after.text))
    return (
      width >= spaceLimits.gapAtPunctuation ||
      (probability >= spaceLimits.probable && width >= spaceLimits.gapAtProbable)
    );
  // A time: "11:15".
  if (before.text === ":" && digit.test(after.text) && digit.test(characters[index - 1]?.text ?? ""))
    return probability >= spaceLimits.probableInTime;
  if (isRangeDash(characters, index, evidence) || isRangeDash(characters, index + 1, evidence)) return true;
  if (width >= spaceLimits.wideGap && width >= spaceLimits.wideRatio * typical) return true;
  const { minDoubt, weightOfColumn, neutralGap } = spaceLimits;
  const logit = Math.log((probability + minDoubt) / (1 - probability + minDoubt));
  return logit + weightOfColumn * (width - neutralGap) > 0;
}

function isRangeDash(characters: readonly Character[], index: number, evidence: SpaceEvidence): boolean {
  const { gaps, typical, spaces } = evidence;
  const [before, here, after] = [characters[index - 1], characters[index], characters[index + 1]];
  if (!before || !here || !after || !dash.test(here.text)) return false;
  if (!digit.test(before.text) || !digit.test(after.text)) return false;
  const width = Math.min(widthOf(gaps[index - 1]), widthOf(gaps[index]));
  const probability = spaceProbability(spaces, before.column, after.column);
  return (
    width >= spaceLimits.gapAroundDash &&
    (probability >= spaceLimits.probabilityAroundDash || width >= spaceLimits.ratioAroundDash * typical)
  );
}

function widthOf(gap: Columns | null | undefined): number {
  return gap ? gap.end - gap.start : 0;
}

function spaceProbability(spaces: Float32Array, from: number, to: number): number {
  let highest = 0;
  for (let frame = Math.floor(from / frameWidth); frame <= Math.floor(to / frameWidth); frame++)
    highest = Math.max(highest, spaces[frame] ?? 0);
  return highest;
}

/** Between two characters: their first frames lie up to a letter's width before their ends. */
function gapBetween(before: Character, after: Character, ink: LineInk): Columns | null {
  return widestGap(ink, { start: Math.floor(before.column), end: Math.ceil(after.column + frameWidth) });
}

function startAfter(gap: Columns | null | undefined, { column }: Character): number {
  return gap ? gap.end : Math.round(column - frameWidth / 2);
}

function endBefore(gap: Columns | null | undefined, next: Character): number {
  return gap ? gap.start : Math.round(next.column - frameWidth / 2);
}

/** The ink of the first character may begin a letter's width before its frame, that of the last end one behind it. */
const maxLetterWidth = lineHeight;

function firstInk({ columns }: LineInk, { column }: Character): number {
  let at = Math.max(0, Math.floor(column - maxLetterWidth));
  while (at < column && columns[at] === 0) at++;
  return at;
}

function lastInk({ columns }: LineInk, { column }: Character): number {
  let at = Math.min(columns.length, Math.ceil(column + maxLetterWidth));
  while (at > column && columns[at - 1] === 0) at--;
  return at;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? 0;
}
