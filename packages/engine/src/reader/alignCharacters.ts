import type { Character } from "./recognise.ts";

/** A word of the first reading with what the second one has in its place. */
export interface AlignedWord {
  readonly first: readonly Character[];
  readonly second: readonly Character[];
  /** Both, from left to right; null where one has nothing. */
  readonly pairs: readonly (readonly [Character | null, Character | null])[];
}

/** Two characters at the same place are the same one read differently; further apart than this, in columns, they are not. */
const maxShift = 40;
const cost = { gap: 1, different: 1.2 };

/**
 * Aligns two readings of the same part of a line by the fewest differences (Needleman and Wunsch 1970), and divides them at
 * the words of the first.
 */
export function alignCharacters(
  words: readonly (readonly Character[])[],
  again: readonly Character[],
): AlignedWord[] {
  const first = words.flat();
  const pairs = align(first, again);
  const ends: number[] = [];
  let end = 0;
  for (const word of words) {
    end += word.length;
    ends.push(end);
  }
  const aligned = words.map((word) => ({
    first: word,
    second: [] as Character[],
    pairs: [] as AlignedWord["pairs"][number][],
  }));
  let seen = 0;
  for (const pair of pairs) {
    const [one, other] = pair;
    // What only the second has between two words belongs to the nearer one.
    const index = one
      ? ends.findIndex((wordEnd) => seen < wordEnd)
      : nearestWord(words, seen, ends, other as Character);
    if (one) seen++;
    const word = aligned[index] as (typeof aligned)[number];
    word.pairs.push(pair);
    if (other) word.second.push(other);
  }
  return aligned;
}

function nearestWord(
  words: readonly (readonly Character[])[],
  seen: number,
  ends: readonly number[],
  { column }: Character,
): number {
  const next = ends.findIndex((end) => seen < end);
  if (next < 0) return words.length - 1;
  const starts = next === 0 ? 0 : (ends[next - 1] as number);
  if (next === 0 || seen > starts) return next;
  const before = (words[next - 1] as readonly Character[]).at(-1) as Character;
  const after = (words[next] as readonly Character[])[0] as Character;
  return column - before.column <= after.column - column ? next - 1 : next;
}

function align(
  first: readonly Character[],
  second: readonly Character[],
): (readonly [Character | null, Character | null])[] {
  const columns = second.length + 1;
  const costs = new Float64Array((first.length + 1) * columns);
  for (let i = 1; i <= first.length; i++) costs[i * columns] = i * cost.gap;
  for (let j = 1; j <= second.length; j++) costs[j] = j * cost.gap;
  for (let i = 1; i <= first.length; i++) {
    for (let j = 1; j <= second.length; j++) {
      costs[i * columns + j] = Math.min(
        (costs[(i - 1) * columns + j - 1] as number) +
          substitution(first[i - 1] as Character, second[j - 1] as Character),
        (costs[(i - 1) * columns + j] as number) + cost.gap,
        (costs[i * columns + j - 1] as number) + cost.gap,
      );
    }
  }
  const pairs: (readonly [Character | null, Character | null])[] = [];
  let [i, j] = [first.length, second.length];
  while (i > 0 || j > 0) {
    const here = costs[i * columns + j] as number;
    const one = first[i - 1];
    const other = second[j - 1];
    if (one && other && here === (costs[(i - 1) * columns + j - 1] as number) + substitution(one, other)) {
      pairs.push([one, other]);
      i--;
      j--;
    } else if (one && here === (costs[(i - 1) * columns + j] as number) + cost.gap) {
      pairs.push([one, null]);
      i--;
    } else {
      pairs.push([null, other as Character]);
      j--;
    }
  }
  return pairs.reverse();
}

function substitution(one: Character, other: Character): number {
  const shift = Math.min(1, Math.abs(one.column - other.column) / maxShift) * 0.1;
  return (one.text === other.text ? 0 : cost.different) + shift;
}
