import type { WordSet } from "./accuracy/wordSets.ts";

/** What a reader measured on the documents of the bench, as shares; null where nothing is known. */
export interface Before {
  readonly words: Readonly<Partial<Record<WordSet, { readonly recall: number; readonly precision: number }>>>;
  readonly numbers: Readonly<Partial<Record<WordSet, { readonly wrong: number; readonly lost: number }>>>;
  readonly boxes: Readonly<Record<"median" | "good" | "medianByPlace" | "goodByPlace", number | null>>;
  /** Character error rates of the clinical reports and of pages in two columns. */
  readonly characters: Readonly<Record<"clinical-reports" | "columns", number | null>>;
}

/**
 * What the reader of version 1 (Tesseract alone, told that the language is English) measured on the same documents, for
 * the tables' column "before". It marked no number, so every wrong one was unmarked.
 */
const before: Before = {
  words: {
    "clinical-reports": { recall: 0.9779, precision: 0.9254 },
    "clinical-tables": { recall: 0.8669, precision: 0.8336 },
    "clinical-fax": { recall: 0.9016, precision: 0.8687 },
    "long-first": { recall: 0.9705, precision: 0.9703 },
    "long-rest": { recall: 0.9217, precision: 0.8851 },
    "reading-images": { recall: 0.0008, precision: 0.0204 },
    "reading-others": { recall: 0.2867, precision: 0.4522 },
  },
  numbers: {
    "clinical-reports": { wrong: 3 / 206, lost: 2 / 202 },
    "clinical-tables": { wrong: 13 / 270, lost: 8 / 250 },
    "clinical-fax": { wrong: 28 / 208, lost: 9 / 191 },
    "long-first": { wrong: 9 / 502, lost: 7 / 492 },
    "long-rest": { wrong: 110 / 2975, lost: 67 / 2828 },
    "reading-images": { wrong: 2 / 3, lost: 841 / 842 },
    "reading-others": { wrong: 46 / 121, lost: 58 / 176 },
  },
  boxes: { median: 0.963, good: 0.96, medianByPlace: 0.963, goodByPlace: 0.97 },
  characters: { "clinical-reports": 0.1574, columns: 0.0007 },
};

const unknown: Before = {
  words: {},
  numbers: {},
  boxes: { median: null, good: null, medianByPlace: null, goodByPlace: null },
  characters: { "clinical-reports": null, columns: null },
};

/** The figures to compare with: none where only some of the documents are read. */
export function beforeFor({ quick }: { readonly quick: boolean }): Before {
  return quick ? unknown : before;
}
