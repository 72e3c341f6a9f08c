import { atLeast, atMost, type Bar } from "./bar.ts";
import { runNames } from "./runNames.ts";
import type { Reader, Run } from "./runs.ts";
import { precision, recall, type Score } from "./scoring.ts";
import { pdfRunNames } from "./searchablePdf.ts";

/** What runs of whole commands are held to, in the order they are shown. */
export function barsOf(runs: readonly Run[]): Bar[] {
  const named = (name: string) => runs.some((run) => run.name === name);
  return [
    ...(named(runNames.digital) ? digitalBars(runs) : []),
    ...[runNames.lzw, runNames.samples].filter(named).flatMap((name) => accuracyBars(runs, name)),
    ...Object.values(pdfRunNames)
      .filter(named)
      .flatMap((name) => pdfBars(runs, name)),
  ];
}

function digitalBars(runs: readonly Run[]): Bar[] {
  const digital = find(runs, runNames.digital, "quire");
  return [
    atLeast("digital: whole command", 30, "pages/s", digital && pagesPerSecond(digital)),
    atLeast("digital: from first page to last", 30, "pages/s", digital && pagesPerSecondRunning(digital)),
  ];
}

/** A searchable PDF beside OCRmyPDF's. */
function pdfBars(runs: readonly Run[], name: string): Bar[] {
  const [quire, peer] = [find(runs, name, "quire"), find(runs, name, "ocrmypdf")];
  const behind = quire && peer ? 100 * (recall(peer.score) - recall(quire.score)) : undefined;
  return [
    atMost(`${name}: wall time by OCRmyPDF's`, 0.8, "x", wallRatio(quire, peer)),
    atMost(`${name}: recall behind OCRmyPDF's, by pdftotext`, 0.5, "points", behind),
  ];
}

/** Recall and precision beside the native pair's. */
function accuracyBars(runs: readonly Run[], name: string): Bar[] {
  const [quire, native] = [find(runs, name, "quire"), find(runs, name, "native")];
  const behind = (measure: (score: Score) => number) =>
    quire && native ? 100 * (measure(native.score) - measure(quire.score)) : undefined;
  return [
    atMost(`${name}: recall behind the native pair`, 0.5, "points", behind(recall)),
    atMost(`${name}: precision behind the native pair`, 0.5, "points", behind(precision)),
  ];
}

function find(runs: readonly Run[], name: string, reader: Reader): Run | undefined {
  return runs.find((run) => run.name === name && run.reader === reader);
}

export const pagesPerSecond = ({ pageCount, measurement }: Run): number =>
  pageCount / measurement.wallSeconds;

/** Without the start of the process and of the engine: the pages after the first, by the time they took. */
function pagesPerSecondRunning({ pageCount, measurement }: Run): number | undefined {
  const { firstLineSeconds, lastLineSeconds } = measurement;
  if (firstLineSeconds === null || lastLineSeconds === null || pageCount < 2) return undefined;
  return (pageCount - 1) / (lastLineSeconds - firstLineSeconds);
}

function wallRatio(quire: Run | undefined, native: Run | undefined): number | undefined {
  return quire && native && quire.measurement.wallSeconds / native.measurement.wallSeconds;
}
