import { alignCharacters } from "./alignCharacters.ts";
import type { Columns, LineInk } from "./ink.ts";
import { frameWidth, type LineImage } from "./lineImage.ts";
import { type Character, type LineReading, recognise } from "./recognise.ts";
import type { RecogniserNetwork } from "./sessions.ts";
import { isUnit } from "./units.ts";
import { type LineWord, splitWords } from "./words.ts";

/** Which words of a line the second recogniser reads again. */
export type NeedsSecondReading = (word: LineWord) => boolean;

export interface VerifyOptions {
  readonly needsSecondReading: NeedsSecondReading;
  /** Whether its reading is taken wherever the two differ, for its charset has letters that the first one's lacks. */
  readonly preferSecond?: boolean;
}

/** Columns that the second recogniser sees on each side of what it reads again, but no ink of the words beside it. */
const maxContext = 24;
/** Words to be read again are read together where no more than this is between them, in columns. */
const maxJoinedGap = 64;

/**
 * Has the second recogniser read those words of a line again that need it, and joins the two readings: where they differ,
 * the more probable one of each word is taken, as a whole, and the other one is kept beside it.
 */
export async function verify(
  image: LineImage,
  ink: LineInk,
  first: LineReading,
  second: RecogniserNetwork,
  { needsSecondReading, preferSecond = false }: VerifyOptions,
): Promise<LineReading> {
  const words = splitWords(first, ink);
  const runs = runsToRead(words, needsSecondReading, image.width);
  if (runs.length === 0) return first;
  const characters: Character[] = [];
  const spaces = first.spaces.slice();
  let done = 0;
  for (const { from, to, columns } of runs) {
    characters.push(...words.slice(done, from).flatMap((word) => word.characters));
    const again = await recognise(image, ink, second, columns);
    characters.push(...joinReadings(words.slice(from, to), again.characters, preferSecond));
    const firstFrame = Math.floor(columns.start / frameWidth);
    for (const [index, probability] of again.spaces.entries()) {
      const frame = firstFrame + index;
      spaces[frame] = Math.max(spaces[frame] ?? 0, probability);
    }
    done = to;
  }
  characters.push(...words.slice(done).flatMap((word) => word.characters));
  return { characters, spaces };
}

interface Run {
  /** Indices of the words, `to` not included. */
  readonly from: number;
  readonly to: number;
  readonly columns: Columns;
}

function runsToRead(
  words: readonly LineWord[],
  needsSecondReading: NeedsSecondReading,
  width: number,
): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < words.length; from++) {
    if (!needsSecondReading(words[from] as LineWord)) continue;
    let to = from + 1;
    while (
      to < words.length &&
      needsSecondReading(words[to] as LineWord) &&
      gapBefore(words, to, width) <= maxJoinedGap
    )
      to++;
    const first = words[from] as LineWord;
    const last = words[to - 1] as LineWord;
    const start = first.columns.start - Math.min(maxContext, gapBefore(words, from, width) / 2);
    const end = last.columns.end + Math.min(maxContext, gapBefore(words, to, width) / 2);
    runs.push({
      from,
      to,
      columns: { start: Math.max(0, Math.floor(start)), end: Math.min(width, Math.ceil(end)) },
    });
    from = to - 1;
  }
  return runs;
}

/** Columns between a word and the one before it; before the first and behind the last, to the line's edge. */
function gapBefore(words: readonly LineWord[], index: number, width: number): number {
  const before = words[index - 1]?.columns.end ?? -width;
  const after = words[index]?.columns.start ?? 2 * width;
  return Math.max(0, after - before);
}

/** The characters of both readings, word by word of the first. */
function joinReadings(
  words: readonly LineWord[],
  again: readonly Character[],
  preferSecond: boolean,
): Character[] {
  const parts = alignCharacters(
    words.map(({ characters }) => characters),
    again,
  );
  return parts.flatMap(({ first, second, pairs }) => {
    const takeSecond =
      textOf(first) !== textOf(second) && (preferSecond ? second.length > 0 : isBetter(second, first));
    return takeSecond ? withOther(pairs.map(([one, other]) => [other, one] as const)) : withOther(pairs);
  });
}

/** The more probable reading is taken; a unit, where only one of them reads one. */
function isBetter(one: readonly Character[], other: readonly Character[]): boolean {
  const [oneIsUnit, otherIsUnit] = [isUnit(textOf(one)), isUnit(textOf(other))];
  return oneIsUnit === otherIsUnit ? geometricMean(one) > geometricMean(other) : oneIsUnit;
}

/** Each taken character with what the other recogniser has in its place; what that has beside it goes to its neighbour. */
function withOther(pairs: readonly (readonly [Character | null, Character | null])[]): Character[] {
  const joined: { taken: Character; others: Character[] }[] = [];
  const before: Character[] = [];
  for (const [taken, other] of pairs) {
    if (taken) joined.push({ taken, others: [...before.splice(0), ...(other ? [other] : [])] });
    else if (other) (joined.at(-1)?.others ?? before).push(other);
  }
  return joined.map(({ taken: { text, probability, column }, others }) => ({
    text,
    probability,
    column,
    second: { text: textOf(others), probability: others.length > 0 ? geometricMean(others) : 0 },
  }));
}

export function textOf(characters: readonly Pick<Character, "text">[]): string {
  return characters.map(({ text }) => text).join("");
}

/** Of their probabilities; 0 where nothing was read. */
function geometricMean(characters: readonly Character[]): number {
  if (characters.length === 0) return 0;
  const logarithms = characters.reduce(
    (sum, { probability }) => sum + Math.log(Math.max(probability, 1e-6)),
    0,
  );
  return Math.exp(logarithms / characters.length);
}
