import { countUncertainNumbers, type PageOutcome, type Word } from "@quire/core";

/** A word as it is stored: the first reader did not say which are uncertain. */
export type StoredWord = Omit<Word, "uncertain"> & Partial<Pick<Word, "uncertain">>;

/**
 * The words of a stored page. Of those that the first reader recognised, numbers count as uncertain: nobody has checked
 * them.
 */
export function readStoredWords(words: readonly StoredWord[], outcome: PageOutcome): Word[] {
  return words.map(({ text, confidence, uncertain, ...rest }) => ({
    text,
    confidence,
    uncertain: uncertain ?? (outcome === "recognized" && hasDigit(text)),
    ...rest,
  }));
}

function hasDigit(text: string): boolean {
  return countUncertainNumbers([{ text, uncertain: true }]) > 0;
}
