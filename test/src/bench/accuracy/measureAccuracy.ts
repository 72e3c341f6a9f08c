import type { Quality } from "@quire/core";
import { atLeast, atMost, type Bar } from "../bar.ts";
import { beforeFor } from "../before.ts";
import { missing, printTable } from "../printTable.ts";
import type { ReaderBench } from "../readerBench.ts";
import { addScores, precision, recall, type Score, scoreText } from "../scoring.ts";
import { doubledWords } from "./doubledWords.ts";
import { readByNativePair } from "./nativeAccuracy.ts";
import { type Piece, readPieces, wordText } from "./pieces.ts";
import type { WordSet } from "./wordSets.ts";

const exactSet = "reading-images";
const exactRecall = 99.5;
/** By how many points the native pair may be ahead. */
const nativeAhead = 0.5;

interface AccuracyRow {
  readonly set: WordSet;
  readonly reader: Quality | "native";
  readonly score: Score;
  /** Words read more often than the truth has them, which it has at least once. */
  readonly doubled: number | null;
}

/** Recall and precision of words (word bags), for each set and quality, beside the native pair. */
export async function measureAccuracy(bench: ReaderBench): Promise<Bar[]> {
  const { options, corpus, readings } = bench;
  const rows: AccuracyRow[] = [];
  for (const set of options.sets) {
    for (const quality of options.qualities) {
      const pieces = await readPieces(readings, { sets: [set], corpus, quick: options.quick, quality });
      rows.push({
        set,
        reader: quality,
        score: scorePieces(pieces),
        doubled: sum(pieces.map((piece) => doubledWords(piece.truth.text, wordText(piece)))),
      });
    }
    const native = await readByNativePair(bench, set);
    if (native) rows.push({ set, reader: "native", score: native, doubled: null });
  }
  const head = ["set", "by", "recall", "precision", "before", "words", "doubled"];
  const cells = rows.map(({ set, reader, score, doubled }) => {
    const was = beforeFor(options).words[set];
    return [
      set,
      reader,
      recall(score).toFixed(4),
      precision(score).toFixed(4),
      was ? `${was.recall.toFixed(4)} ${was.precision.toFixed(4)}` : missing,
      String(score.truthWords),
      doubled === null ? missing : String(doubled),
    ];
  });
  printTable("Accuracy: words", head, cells);
  console.log(
    "words of a document as a bag, in lower case; doubled: read more often than the truth has them",
  );
  return options.qualities.flatMap((quality) => barsOf(quality, rows));
}

function barsOf(quality: Quality, rows: readonly AccuracyRow[]): Bar[] {
  return rows
    .filter(({ reader }) => reader === quality)
    .flatMap(({ set, score, doubled }) => {
      if (set === exactSet) {
        return [
          atLeast(`${set}, ${quality}: recall`, exactRecall, "%", 100 * recall(score)),
          atMost(`${set}, ${quality}: words doubled`, 0, "", doubled ?? undefined),
        ];
      }
      const native = rows.find((row) => row.set === set && row.reader === "native")?.score;
      if (!native) return [];
      return [
        atMost(
          `${set}, ${quality}: recall behind the native pair`,
          nativeAhead,
          "points",
          100 * (recall(native) - recall(score)),
        ),
        atMost(
          `${set}, ${quality}: precision behind the native pair`,
          nativeAhead,
          "points",
          100 * (precision(native) - precision(score)),
        ),
      ];
    });
}

function scorePieces(pieces: readonly Piece[]): Score {
  return addScores(
    pieces.map((piece) => scoreText({ text: piece.truth.text, oneReadingOrder: false }, wordText(piece))),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
