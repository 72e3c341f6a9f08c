import assert from "node:assert/strict";
import { test } from "node:test";
import { barsOf, isCleared } from "./bars.ts";
import type { Reader, Run } from "./runs.ts";
import { pdfRunNames } from "./searchablePdf.ts";
import { runNames } from "./sets.ts";

function run(
  name: string,
  reader: Reader,
  peakBytes: number,
  wallSeconds: number,
  matchedWords: number,
): Run {
  return {
    name,
    reader,
    threads: 2,
    pageCount: 142,
    failedPages: 0,
    measurement: {
      wallSeconds,
      firstLineSeconds: 4,
      lastLineSeconds: wallSeconds,
      peakBytes,
      cpuSeconds: null,
      longestGapMs: 50,
    },
    score: { matchedWords, truthWords: 1000, readWords: 1000, edits: 0, truthCharacters: 0 },
  };
}

test("the bars of the long scan come from the whole of it, with its first pages for comparison", () => {
  const bars = barsOf([
    run(runNames.long, "quire", 230e6, 90, 984),
    run(runNames.long, "native", 150e6, 100, 990),
    run(runNames.longSome, "quire", 190e6, 10, 0),
    run(runNames.longSingle, "quire", 220e6, 180, 0),
  ]);
  const shown = bars
    .filter(({ measured }) => measured !== undefined)
    .map((bar) => [bar.what, Number(bar.measured?.toFixed(2)), isCleared(bar)]);
  assert.deepEqual(shown, [
    ["long, 2 threads: peak memory", 230, true],
    ["long, 2 threads: peak, more than for 12 pages", 21.05, false],
    ["long, 1 thread: peak memory", 220, true],
    ["long: first page", 4, true],
    ["long: wall time by the native pair's", 0.9, true],
    ["long: recall behind the native pair", 0.6, false],
    ["long: precision behind the native pair", 0.6, false],
  ]);
});

test("a searchable PDF is held against OCRmyPDF's in time and in what can be found in it", () => {
  const bars = barsOf([
    run(pdfRunNames.some, "quire", 260e6, 18, 970),
    run(pdfRunNames.some, "ocrmypdf", 400e6, 20, 980),
  ]);
  const shown = bars.filter(({ measured }) => measured !== undefined);
  assert.deepEqual(
    shown.map((bar) => [bar.what, Number(bar.measured?.toFixed(2)), isCleared(bar)]),
    [
      ["searchable pdf, 20 pages: wall time by OCRmyPDF's", 0.9, false],
      ["searchable pdf, 20 pages: recall behind OCRmyPDF's, by pdftotext", 1, false],
    ],
  );
});

test("a bar whose runs were not made is neither cleared nor missed", () => {
  assert.ok(barsOf([]).every((bar) => isCleared(bar) === null));
});
