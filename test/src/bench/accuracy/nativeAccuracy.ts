import { basename } from "node:path";
import { readWithNativePair } from "../nativePair.ts";
import type { ReaderBench } from "../readerBench.ts";
import { addScores, type Score, score } from "../scoring.ts";
import { documentsOf, type WordSet } from "./wordSets.ts";

const processes = 2;

/** The native pair's score on the same pages, or null where it is not installed. */
export async function readByNativePair(
  { options, corpus, pair, readings }: ReaderBench,
  set: WordSet,
): Promise<Score | null> {
  const [quality] = options.qualities;
  // What has text of its own, or forms, is not for a pair that only recognises.
  if (!pair || !quality || set.startsWith("reading")) return null;
  process.stderr.write(`bench: ${set}: pdftoppm and tesseract\n`);
  const scores: Score[] = [];
  for (const document of documentsOf(set, corpus, options.quick)) {
    const wanted = document.truths.flatMap(({ pages }) => pages ?? []);
    const pageNumbers = wanted.length > 0 ? wanted : undefined;
    const pages = await readings.read({ path: document.path, quality, pageNumbers });
    const texts = new Map([
      [basename(document.path), new Map(pages.map(({ pageNumber, text }) => [pageNumber, text]))],
    ]);
    const reading = await readWithNativePair(pair, [document.path], texts, processes);
    scores.push(score([document], reading.texts));
  }
  return addScores(scores);
}
