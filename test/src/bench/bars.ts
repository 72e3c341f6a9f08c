import { clinicalKinds } from "./documents.ts";
import type { Reader, Run } from "./runs.ts";
import { addScores, precision, recall, type Score } from "./scoring.ts";
import { pdfRunNames } from "./searchablePdf.ts";
import { clinicalRun, runNames } from "./sets.ts";

/** What Quire is held to: a figure of the runs, and the most or the least it may be. */
export interface Bar {
  readonly what: string;
  readonly unit: string;
  readonly limit: number;
  readonly kind: "at most" | "at least";
  /** The figure, or undefined where the runs it needs were not made. */
  readonly measured: number | undefined;
}

/** Whether the figure is within its limit; null where it was not measured. */
export function isCleared({ kind, limit, measured }: Bar): boolean | null {
  if (measured === undefined) return null;
  return kind === "at most" ? measured <= limit : measured >= limit;
}

/** Every bar, in the order they are shown. */
export function barsOf(runs: readonly Run[]): Bar[] {
  const find = (name: string, reader: Reader = "quire") =>
    runs.find((run) => run.name === name && run.reader === reader);
  const long = find(runNames.long);
  const some = find(runNames.longSome);
  const longestScan = long ?? some;
  const native = find(runNames.long, "native") ?? find(runNames.longSome, "native");
  const digital = find(runNames.digital);
  return [
    atMost("long, 2 threads: peak memory", 300, "MB", megabytes(long)),
    atMost(
      "long, 2 threads: peak, more than for 12 pages",
      15,
      "%",
      percentMore(megabytes(long), megabytes(some)),
    ),
    atMost("long, 1 thread: peak memory", 220, "MB", megabytes(find(runNames.longSingle))),
    atMost(
      `${longestScan?.name ?? runNames.long}: first page`,
      5,
      "s",
      longestScan?.measurement.firstLineSeconds ?? undefined,
    ),
    atMost(
      `${longestScan?.name ?? runNames.long}: wall time by the native pair's`,
      1,
      "x",
      wallRatio(longestScan, native),
    ),
    atLeast("digital: whole command", 30, "pages/s", digital && pagesPerSecond(digital)),
    atLeast("digital: from first page to last", 30, "pages/s", digital && pagesPerSecondRunning(digital)),
    ...accuracyBars(runs),
    ...pdfBars(runs),
  ];
}

/** Searchable PDFs beside OCRmyPDF's. */
function pdfBars(runs: readonly Run[]): Bar[] {
  return Object.values(pdfRunNames).flatMap((name) => {
    const find = (reader: Reader) => runs.find((run) => run.name === name && run.reader === reader);
    const [quire, peer] = [find("quire"), find("ocrmypdf")];
    const behind = quire && peer ? 100 * (recall(peer.score) - recall(quire.score)) : undefined;
    return [
      atMost(`${name}: wall time by OCRmyPDF's`, 0.8, "x", wallRatio(quire, peer)),
      atMost(`${name}: recall behind OCRmyPDF's, by pdftotext`, 0.5, "points", behind),
    ];
  });
}

/** Recall and precision beside the native pair's, over each set that has them and over all of `clinical/`. */
function accuracyBars(runs: readonly Run[]): Bar[] {
  const kinds = (Object.keys(clinicalKinds) as (keyof typeof clinicalKinds)[]).map(clinicalRun);
  const quick = runs.some(({ name, reader }) => name === runNames.longSome && reader === "native");
  const long = quick ? runNames.longSome : runNames.long;
  const groups: [string, readonly string[]][] = [
    ["clinical, all kinds", kinds],
    ...kinds.map((kind): [string, string[]] => [kind, [kind]]),
    [long, [long]],
    ["long and lzw tiff", [long, runNames.lzw]],
  ];
  if (runs.some(({ name }) => name === runNames.samples)) groups.push([runNames.samples, [runNames.samples]]);
  return groups.flatMap(([group, names]) => {
    const quire = scoreOf(runs, names, "quire");
    const native = scoreOf(runs, names, "native");
    const behind = (measure: (score: Score) => number) =>
      quire && native ? 100 * (measure(native) - measure(quire)) : undefined;
    return [
      atMost(`${group}: recall behind the native pair`, 0.5, "points", behind(recall)),
      atMost(`${group}: precision behind the native pair`, 0.5, "points", behind(precision)),
    ];
  });
}

/** The score of a reader over several runs, or undefined if one of them was not made. */
function scoreOf(runs: readonly Run[], names: readonly string[], reader: Reader): Score | undefined {
  const found = runs.filter((run) => run.reader === reader && names.includes(run.name));
  return found.length === names.length ? addScores(found.map(({ score }) => score)) : undefined;
}

export const pagesPerSecond = ({ pageCount, measurement }: Run): number =>
  pageCount / measurement.wallSeconds;

/** Without the start of the process and of the engine: the pages after the first, by the time they took. */
function pagesPerSecondRunning({ pageCount, measurement }: Run): number | undefined {
  const { firstLineSeconds, lastLineSeconds } = measurement;
  if (firstLineSeconds === null || lastLineSeconds === null || pageCount < 2) return undefined;
  return (pageCount - 1) / (lastLineSeconds - firstLineSeconds);
}

function megabytes(run: Run | undefined): number | undefined {
  return run && run.measurement.peakBytes / 1_000_000;
}

function percentMore(figure: number | undefined, base: number | undefined): number | undefined {
  return figure === undefined || base === undefined ? undefined : 100 * (figure / base - 1);
}

function wallRatio(quire: Run | undefined, native: Run | undefined): number | undefined {
  return quire && native && quire.measurement.wallSeconds / native.measurement.wallSeconds;
}

function atMost(what: string, limit: number, unit: string, measured: number | undefined): Bar {
  return { what, unit, limit, kind: "at most", measured };
}

function atLeast(what: string, limit: number, unit: string, measured: number | undefined): Bar {
  return { what, unit, limit, kind: "at least", measured };
}
