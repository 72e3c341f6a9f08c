import type { WordSet } from "./accuracy/wordSets.ts";

/**
 * What the reader of version 1 (Tesseract alone, without doubt) measured on the same documents, for the tables' rows
 * "before": in English, as shares. It marked no number, so every wrong one was unmarked.
 */
export const before: {
  readonly words: Readonly<Partial<Record<WordSet, { readonly recall: number; readonly precision: number }>>>;
  readonly numbers: Readonly<Partial<Record<WordSet, { readonly wrong: number; readonly lost: number }>>>;
  readonly boxes: Readonly<Record<"median" | "good" | "medianByPlace" | "goodByPlace", number | null>>;
  /** Character error rates of the clinical reports and of pages in two columns. */
  readonly characters: Readonly<Record<"clinical-reports" | "columns", number | null>>;
} = {
  words: {},
  numbers: {},
  boxes: { median: null, good: null, medianByPlace: null, goodByPlace: null },
  characters: { "clinical-reports": null, columns: null },
};
