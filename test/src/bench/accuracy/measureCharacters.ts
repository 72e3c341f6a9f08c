import type { Quality } from "@quire/core";
import { atMost, type Bar } from "../bar.ts";
import { beforeFor } from "../before.ts";
import { missing, printTable } from "../printTable.ts";
import type { ReaderBench } from "../readerBench.ts";
import { addScores, characterErrorRate, scoreText } from "../scoring.ts";
import { drawColumnPages } from "./columnPages.ts";
import { pageText, readPieces } from "./pieces.ts";

const kinds = ["clinical-reports", "columns"] as const;
type Kind = (typeof kinds)[number];

/** Character error rates where the text has one reading order: clinical reports, and pages in two columns. */
export async function measureCharacters(bench: ReaderBench): Promise<Bar[]> {
  const rates: { kind: Kind; quality: Quality; rate: number }[] = [];
  for (const quality of bench.options.qualities) {
    rates.push({ kind: "clinical-reports", quality, rate: await reportsRate(bench, quality) });
    rates.push({ kind: "columns", quality, rate: await columnsRate(bench, quality) });
  }
  const shown = (rate: number | null) => (rate === null ? missing : rate.toFixed(4));
  const before = beforeFor(bench.options);
  printTable(
    "Character error rate",
    ["pages", "quality", "CER", "before"],
    kinds.flatMap((kind) =>
      rates
        .filter((row) => row.kind === kind)
        .map(({ quality, rate }) => [kind, quality, shown(rate), shown(before.characters[kind])]),
    ),
  );
  console.log(
    "text read in another order counts as wrong; templates 3 and 8 repeat a header that the truth has once",
  );
  return rates.flatMap(({ kind, quality, rate }) => {
    const was = before.characters[kind];
    return was === null
      ? []
      : [atMost(`${kind}, ${quality}: CER, more than before`, 0, "points", 100 * (rate - was))];
  });
}

async function reportsRate({ options, corpus, readings }: ReaderBench, quality: Quality): Promise<number> {
  const pieces = await readPieces(readings, {
    sets: ["clinical-reports"],
    corpus,
    quick: options.quick,
    quality,
  });
  return characterErrorRate(addScores(pieces.map((piece) => scoreText(piece.truth, pageText(piece)))));
}

async function columnsRate({ folder, readings }: ReaderBench, quality: Quality): Promise<number> {
  const scores = [];
  for (const { path, text } of await drawColumnPages(folder)) {
    const [page] = await readings.read({ path, quality });
    scores.push(scoreText({ text, oneReadingOrder: true }, page?.text ?? ""));
  }
  return characterErrorRate(addScores(scores));
}
