import type { Quality } from "@quire/core";
import { type Piece, readPieces } from "../accuracy/pieces.ts";
import { type WordSet, wordSets } from "../accuracy/wordSets.ts";
import { atMost, type Bar } from "../bar.ts";
import { type Before, beforeFor } from "../before.ts";
import { missing, printTable } from "../printTable.ts";
import type { ReaderBench } from "../readerBench.ts";
import { shareInterval } from "./interval.ts";
import { addNumberScores, type NumberScore, scoreNumbers } from "./scoreNumbers.ts";

/** Numbers that may be wrong and not marked, in thousandths of those read. */
const wrongPerMille: Readonly<Record<Quality, number>> = { fast: 4, balanced: 2, best: 2 };
const markedPercent = 4;
const lostPercent = 0.5;
/** Where what is marked is limited: the images in `reading/` were made to be doubtful. */
const isScan = (set: WordSet) => !set.startsWith("reading");
const keepsNumbers = (set: WordSet) => set === "clinical-reports" || set.startsWith("long");

interface Scored {
  readonly piece: Piece;
  readonly score: NumberScore;
}

/** Numbers that were read wrongly, and whether they are marked; numbers that were lost. */
export async function measureNumbers({ options, corpus, readings }: ReaderBench): Promise<Bar[]> {
  const bars: Bar[] = [];
  for (const quality of options.qualities) {
    const pieces = await readPieces(readings, { sets: options.sets, corpus, quick: options.quick, quality });
    const scored = pieces.map((piece) => ({ piece, score: scoreNumbers(piece.truth.text, piece.words) }));
    printSets(quality, scored, beforeFor(options));
    printDocuments(quality, scored);
    bars.push(...barsOf(quality, scored));
  }
  console.log(
    "wrong: read but not in the truth, in thousandths of the numbers read, with its 95 % interval;",
  );
  console.log("nowhere: of the wrong and not marked, those that are not part of a longer number either;");
  console.log("lost: in the truth but not read; marked words: of the words with digits");
  return bars;
}

function printSets(quality: Quality, scored: readonly Scored[], before: Before): void {
  const head = [
    "set",
    "read",
    "wrong unmarked",
    "‰",
    "95 % ‰",
    "before ‰",
    "nowhere",
    "wrong marked",
    "marked words %",
    "lost",
    "of",
    "lost %",
    "before %",
  ];
  const row = (name: string, score: NumberScore, was?: { wrong: number; lost: number }) => {
    const [low, high] = shareInterval(score.wrongUnmarked.length, score.read);
    return [
      name,
      String(score.read),
      String(score.wrongUnmarked.length),
      perMille(score.wrongUnmarked.length / score.read),
      `${perMille(low)}–${perMille(high)}`,
      was ? perMille(was.wrong) : missing,
      String(score.nowhere),
      String(score.wrongMarked.length),
      percent(score.wordsWithDigitsMarked / score.wordsWithDigits),
      String(score.lost.length),
      String(score.inTruth),
      percent(score.lost.length / score.inTruth),
      was ? percent(was.lost) : missing,
    ];
  };
  const rows = wordSets.flatMap((set) => {
    const of = scored.filter(({ piece }) => piece.set === set);
    return of.length === 0 ? [] : [row(set, sumOf(of), before.numbers[set])];
  });
  printTable(`Numbers, ${quality}`, head, [...rows, row("all", sumOf(scored))]);
}

/** Each document's counts, and which numbers were wrong or lost. */
function printDocuments(quality: Quality, scored: readonly Scored[]): void {
  const rows = scored.map(({ piece, score }) => [
    piece.set,
    piece.truth.name,
    String(score.read),
    String(score.marked),
    list(score.wrongUnmarked),
    list(score.wrongMarked),
    String(score.inTruth),
    list(score.lost),
  ]);
  const head = ["set", "document", "read", "marked", "wrong unmarked", "wrong marked", "in truth", "lost"];
  printTable(`Numbers, ${quality}, by document`, head, rows);
}

function barsOf(quality: Quality, scored: readonly Scored[]): Bar[] {
  const scans = sumOf(scored.filter(({ piece }) => isScan(piece.set)));
  const kept = sumOf(scored.filter(({ piece }) => keepsNumbers(piece.set)));
  const all = sumOf(scored);
  const share = (part: number, whole: number) => (whole === 0 ? undefined : part / whole);
  const times = (factor: number, value: number | undefined) =>
    value === undefined ? undefined : factor * value;
  return [
    atMost(
      `numbers, ${quality}: wrong and not marked`,
      wrongPerMille[quality],
      "‰",
      times(1000, share(all.wrongUnmarked.length, all.read)),
    ),
    atMost(
      `numbers, ${quality}: words with digits marked`,
      markedPercent,
      "%",
      times(100, share(scans.wordsWithDigitsMarked, scans.wordsWithDigits)),
    ),
    atMost(
      `numbers, ${quality}: lost on reports and long`,
      lostPercent,
      "%",
      times(100, share(kept.lost.length, kept.inTruth)),
    ),
  ];
}

const sumOf = (scored: readonly Scored[]) => addNumberScores(scored.map(({ score }) => score));
const perMille = (share: number) => (Number.isNaN(share) ? missing : (1000 * share).toFixed(1));
const percent = (share: number) => (Number.isNaN(share) ? missing : (100 * share).toFixed(2));

/** How many, and the first of them. */
function list(numbers: readonly string[]): string {
  const maxShown = 6;
  const more = numbers.length > maxShown ? " …" : "";
  return numbers.length === 0 ? "0" : `${numbers.length}: ${numbers.slice(0, maxShown).join(" ")}${more}`;
}
