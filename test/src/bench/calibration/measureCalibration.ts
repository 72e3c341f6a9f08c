import type { Quality } from "@quire/core";
import { readPieces } from "../accuracy/pieces.ts";
import { atLeast, atMost, type Bar } from "../bar.ts";
import { printTable } from "../printTable.ts";
import type { ReaderBench } from "../readerBench.ts";
import {
  calibrationBins,
  expectedCalibrationError,
  type RatedWord,
  wrongAmongLowest,
} from "./calibrationError.ts";
import { halfOf } from "./halves.ts";
import { rateWords } from "./rateWords.ts";

const maxError = 0.03;
const lowestShare = 0.1;
const wrongPercent = 80;

/** Whether a word's confidence is the chance that it is right, and finds the wrong ones. */
export async function measureCalibration({ options, corpus, readings }: ReaderBench): Promise<Bar[]> {
  const bars: Bar[] = [];
  for (const quality of options.qualities) {
    const pieces = await readPieces(readings, { sets: options.sets, corpus, quick: options.quick, quality });
    const halves = Object.groupBy(pieces, ({ truth }) => halfOf(truth.name));
    const test = (halves.test ?? []).flatMap(rateWords);
    printHalves(quality, [
      ["fit", (halves.fit ?? []).flatMap(rateWords)],
      ["test", test],
    ]);
    printBins(quality, test);
    bars.push(
      atMost(`calibration, ${quality}: expected error`, maxError, "", expectedCalibrationError(test)),
      atLeast(
        `calibration, ${quality}: wrong words among the lowest tenth`,
        wrongPercent,
        "%",
        100 * wrongAmongLowest(test, lowestShare),
      ),
    );
  }
  return bars;
}

function printHalves(quality: Quality, halves: readonly [name: string, words: readonly RatedWord[]][]): void {
  const rows = halves.map(([name, words]) => [
    name,
    String(words.length),
    String(words.filter(({ correct }) => !correct).length),
    expectedCalibrationError(words).toFixed(4),
    (100 * wrongAmongLowest(words, lowestShare)).toFixed(1),
  ]);
  const head = ["half of the documents", "words", "wrong", "expected error", "wrong among lowest 10 %, %"];
  printTable(`Calibration, ${quality}`, head, rows);
}

function printBins(quality: Quality, words: readonly RatedWord[]): void {
  const rows = calibrationBins(words).map(({ count, meanConfidence, correctShare }) => [
    String(count),
    (100 * meanConfidence).toFixed(1),
    (100 * correctShare).toFixed(1),
  ]);
  printTable(
    `Calibration, ${quality}: test half by confidence`,
    ["words", "mean confidence", "right %"],
    rows,
  );
}
