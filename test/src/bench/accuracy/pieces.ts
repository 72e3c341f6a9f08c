import type { PageResult, Quality, Word } from "@quire/core";
import type { Truth } from "../documents.ts";
import type { Readings } from "./readings.ts";
import { documentsOf, type WordSet } from "./wordSets.ts";

/** A word of a reading, and its line where that matters. */
export type ReadWord = Pick<Word, "text" | "confidence" | "uncertain"> &
  Partial<Pick<Word, "line" | "block">>;

/** One document that has a truth, and what was read of it. */
export interface Piece {
  readonly set: WordSet;
  readonly truth: Truth;
  readonly pages: readonly PageResult[];
  /** The words of all its pages, in reading order. */
  readonly words: readonly ReadWord[];
}

/** Reads the documents of some sets, or takes what was read of them before. */
export async function readPieces(
  readings: Readings,
  {
    sets,
    corpus,
    quick,
    quality,
  }: { sets: readonly WordSet[]; corpus: string; quick: boolean; quality: Quality },
): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const set of sets) {
    for (const { path, truths } of documentsOf(set, corpus, quick)) {
      const numbers = truths.some(({ pages }) => pages === null)
        ? undefined
        : truths.flatMap(({ pages }) => pages ?? []);
      const read = await readings.read({ path, quality, pageNumbers: numbers });
      for (const truth of truths) {
        const pages = read.filter(({ pageNumber }) => truth.pages?.includes(pageNumber) ?? true);
        pieces.push({ set, truth, pages, words: pages.flatMap(({ words }) => words.map(readWord)) });
      }
    }
  }
  return pieces;
}

/** Results of version 1 of the reader say nothing about doubt. */
function readWord({ text, confidence, uncertain = false, line, block }: Word): ReadWord {
  return { text, confidence, uncertain, line, block };
}

/** The words of a document, one blank between them. */
export const wordText = ({ words }: Piece): string => words.map(({ text }) => text).join(" ");

/** Its text as the pages give it, in their order. */
export const pageText = ({ pages }: Piece): string => pages.map(({ text }) => text).join("\n");
