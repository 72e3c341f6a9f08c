import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bar, isCleared } from "./bar.ts";
import { barsOf } from "./bars.ts";
import { runNames } from "./runNames.ts";
import type { Reader, Run } from "./runs.ts";
import { pdfRunNames } from "./searchablePdf.ts";

function run(name: string, reader: Reader, wallSeconds: number, matchedWords: number): Run {
  return {
    name,
    reader,
    threads: 2,
    pageCount: 120,
    failedPages: 0,
    measurement: {
      wallSeconds,
      firstLineSeconds: 1,
      lastLineSeconds: wallSeconds,
      peakBytes: 1,
      cpuSeconds: null,
      longestGapMs: 50,
    },
    score: { matchedWords, truthWords: 1000, readWords: 1000, edits: 0, truthCharacters: 0 },
  };
}

const shown = (bars: readonly Bar[]) =>
  bars.map((bar) => [bar.what, Number(bar.measured?.toFixed(2)), isCleared(bar)]);

test("a digital PDF is held to pages a second, with the start of the command and without", () => {
  assert.deepEqual(shown(barsOf([run(runNames.digital, "quire", 5, 1000)])), [
    ["digital: whole command", 24, false],
    ["digital: from first page to last", 29.75, false],
  ]);
});

test("words are held against the native pair's", () => {
  const bars = barsOf([run(runNames.lzw, "quire", 90, 984), run(runNames.lzw, "native", 100, 990)]);
  assert.deepEqual(shown(bars), [
    ["lzw tiff: recall behind the native pair", 0.6, false],
    ["lzw tiff: precision behind the native pair", 0.6, false],
  ]);
});

test("a searchable PDF is held against OCRmyPDF's in time and in what can be found in it", () => {
  const bars = barsOf([run(pdfRunNames.some, "quire", 18, 970), run(pdfRunNames.some, "ocrmypdf", 20, 980)]);
  assert.deepEqual(shown(bars), [
    ["searchable pdf, 20 pages: wall time by OCRmyPDF's", 0.9, false],
    ["searchable pdf, 20 pages: recall behind OCRmyPDF's, by pdftotext", 1, false],
  ]);
});

test("a bar whose other run was not made is neither cleared nor missed", () => {
  assert.ok(barsOf([run(runNames.lzw, "quire", 90, 984)]).every((bar) => isCleared(bar) === null));
});
