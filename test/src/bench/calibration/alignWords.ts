import { alignInOrder } from "./alignInOrder.ts";

/** Words between two lines of one cell, at most: those of the other cells of a row. */
const maxWordsBetween = 40;
/** The words before and after that tell which of several equal words is meant. */
const contextWords = 2;
/** So many words in the truth's order are a passage of it, not a chance. */
const passageWords = 4;

/** A word of a reading, and its line where that is known (see `Word` of @quire/core). */
export interface AlignedWord {
  readonly text: string;
  readonly line?: number;
  readonly block?: number;
}

/**
 * Tells which words of a reading are right: those that the truth holds too, each as often as the truth has it.
 *
 * The words need not come in the truth's order. What has the same order is matched first (longest common subsequence);
 * what is left is matched by its text, in favour of equal neighbours, then of a like place in the document; last, words
 * that a narrow cell wraps are put together: "04/01" and "/2026" where the truth has "04/01/2026" are right. A word that
 * is split within its line is wrong. A passage that the page has more often than the truth, such as a header that each
 * page repeats, is right wherever it stands. Case and compatibility forms (NFKC) do not count.
 *
 * @returns for each word whether it is right
 */
export function alignWords(truthText: string, words: readonly AlignedWord[]): boolean[] {
  const truth = truthText.split(/\s+/).filter(Boolean).map(fold);
  const read = words.map(({ text }) => fold(text));
  const matches = alignInOrder(truth, read);
  matchLeftOver(truth, read, matches);
  matchWrapped(truth, read, matches, (index, next) => !isOneLine(words[index], words[next]));
  const repeated = repeatedPassages(truth, read);
  return matches.map((match, index) => match !== null || repeated.has(index));
}

const fold = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

function isOneLine(word: AlignedWord | undefined, next: AlignedWord | undefined): boolean {
  return word?.line !== undefined && word.line === next?.line && word.block === next.block;
}

/** The words of passages that the truth has too, whether or not they are matched with it. */
function repeatedPassages(truth: readonly string[], read: readonly string[]): Set<number> {
  const passageAt = (words: readonly string[], start: number) =>
    words.slice(start, start + passageWords).join(" ");
  const starts = (words: readonly string[]) => Math.max(0, words.length - passageWords + 1);
  const known = new Set(Array.from({ length: starts(truth) }, (_, start) => passageAt(truth, start)));
  const found = new Set<number>();
  for (let start = 0; start < starts(read); start++) {
    if (!known.has(passageAt(read, start))) continue;
    for (let index = start; index < start + passageWords; index++) found.add(index);
  }
  return found;
}

/** For each read word the index of the truth's word that it is, or null. */
type Matches = (number | null)[];

function matchLeftOver(truth: readonly string[], read: readonly string[], matches: Matches): void {
  const free = Map.groupBy(unmatchedTruth(truth, matches), (index) => truth[index] as string);
  const candidates = read.flatMap((text, index) => {
    if (matches[index] !== null) return [];
    return (free.get(text) ?? []).map((other) => ({
      index,
      other,
      context: equalNeighbours(truth, other, read, index),
      distance: Math.abs(index / read.length - other / truth.length),
    }));
  });
  candidates.sort((a, b) => b.context - a.context || a.distance - b.distance);
  const used = new Set<number>();
  for (const { index, other } of candidates) {
    if (matches[index] !== null || used.has(other)) continue;
    matches[index] = other;
    used.add(other);
  }
}

function equalNeighbours(
  truth: readonly string[],
  at: number,
  read: readonly string[],
  index: number,
): number {
  let equal = 0;
  for (let step = 1; step <= contextWords; step++) {
    if (read[index - step] !== undefined && read[index - step] === truth[at - step]) equal++;
    if (read[index + step] !== undefined && read[index + step] === truth[at + step]) equal++;
  }
  return equal;
}

/** Whether one word may be wrapped to another one. */
type MayWrap = (index: number, next: number) => boolean;

function matchWrapped(
  truth: readonly string[],
  read: readonly string[],
  matches: Matches,
  mayWrap: MayWrap,
): void {
  const free = read.flatMap((_, index) => (matches[index] === null ? [index] : []));
  for (const target of unmatchedTruth(truth, matches)) {
    for (let start = 0; start < free.length; start++) {
      const pieces = piecesFrom(truth[target] as string, start, { read, free, mayWrap });
      if (!pieces || pieces.length < 2) continue;
      for (const index of pieces) {
        matches[index] = target;
        free.splice(free.indexOf(index), 1);
      }
      break;
    }
  }
}

interface FreeWords {
  readonly read: readonly string[];
  /** Indexes of the words that are not matched yet. */
  readonly free: readonly number[];
  readonly mayWrap: MayWrap;
}

/** Words of the reading that make up the text together, in order and near each other, from the one at `start`. */
function piecesFrom(text: string, start: number, words: FreeWords): number[] | null {
  const { read, free, mayWrap } = words;
  const index = free[start] as number;
  const piece = read[index] as string;
  if (piece === "" || !text.startsWith(piece)) return null;
  if (piece.length === text.length) return [index];
  for (let next = start + 1; next < free.length; next++) {
    const other = free[next] as number;
    if (other - index > maxWordsBetween) break;
    if (!mayWrap(index, other)) continue;
    const others = piecesFrom(text.slice(piece.length), next, words);
    if (others) return [index, ...others];
  }
  return null;
}

function unmatchedTruth(truth: readonly string[], matches: Matches): number[] {
  const taken = new Set(matches);
  return truth.flatMap((_, index) => (taken.has(index) ? [] : [index]));
}
