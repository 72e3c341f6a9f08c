import { basename } from "node:path";
import type { BenchDocument, Truth } from "./documents.ts";
import { editDistance } from "./editDistance.ts";

/** What was read: by the document's file name, then by page number. */
export type Texts = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Counts, so that the scores of several documents add up. */
export interface Score {
  /** Words of the reading that the truth holds, each as often as both have it. */
  readonly matchedWords: number;
  readonly truthWords: number;
  readonly readWords: number;
  /** Of the documents with one reading order: edits from truth to reading, and the truth's length. */
  readonly edits: number;
  readonly truthCharacters: number;
}

const nothing: Score = { matchedWords: 0, truthWords: 0, readWords: 0, edits: 0, truthCharacters: 0 };

/** Compares what was read with the truths. A page that was not read counts as empty. */
export function score(documents: readonly BenchDocument[], texts: Texts): Score {
  const scores = documents.flatMap(({ path, truths }) => {
    const pages = texts.get(basename(path)) ?? new Map<number, string>();
    return truths.map((truth) => scoreText(truth, textOf(truth, pages)));
  });
  return addScores(scores);
}

export function addScores(scores: readonly Score[]): Score {
  return scores.reduce(
    (sum, next) => ({
      matchedWords: sum.matchedWords + next.matchedWords,
      truthWords: sum.truthWords + next.truthWords,
      readWords: sum.readWords + next.readWords,
      edits: sum.edits + next.edits,
      truthCharacters: sum.truthCharacters + next.truthCharacters,
    }),
    nothing,
  );
}

/** The share of the truth's words that were read; NaN if there are none. */
export const recall = ({ matchedWords, truthWords }: Score): number => matchedWords / truthWords;

/** The share of the words read that the truth holds; NaN if none were read. */
export const precision = ({ matchedWords, readWords }: Score): number => matchedWords / readWords;

/** Edits by the truth's characters; NaN if no document has one reading order. */
export const characterErrorRate = ({ edits, truthCharacters }: Score): number => edits / truthCharacters;

function textOf({ pages }: Truth, read: ReadonlyMap<number, string>): string {
  const numbers = pages ?? [...read.keys()].sort((a, b) => a - b);
  return numbers.map((number) => read.get(number) ?? "").join("\n");
}

/** Scores one reading against its truth: word bags, and edits where the text has one order. */
export function scoreText(truth: Pick<Truth, "text" | "oneReadingOrder">, read: string): Score {
  const truthWords = words(truth.text);
  const readWords = words(read);
  const truthText = oneBlank(truth.text);
  return {
    matchedWords: commonWords(truthWords, readWords),
    truthWords: truthWords.length,
    readWords: readWords.length,
    edits: truth.oneReadingOrder ? editDistance(truthText, oneBlank(read)) : 0,
    truthCharacters: truth.oneReadingOrder ? Array.from(truthText).length : 0,
  };
}

function words(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function commonWords(truth: readonly string[], read: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of truth) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of read) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    common++;
  }
  return common;
}

function oneBlank(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
