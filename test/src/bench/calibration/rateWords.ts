import type { Piece } from "../accuracy/pieces.ts";
import { alignWords } from "./alignWords.ts";
import type { RatedWord } from "./calibrationError.ts";

/** The words of a document with their confidence as a share, and whether they are right. */
export function rateWords({ truth, words }: Pick<Piece, "truth" | "words">): RatedWord[] {
  const right = alignWords(truth.text, words);
  return words.map(({ confidence }, index) => ({
    confidence: confidence / 100,
    correct: right[index] as boolean,
  }));
}
