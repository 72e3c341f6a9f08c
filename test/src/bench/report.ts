import { availableParallelism, cpus } from "node:os";
import { pagesPerSecond } from "./bars.ts";
import { missing, printTable } from "./printTable.ts";
import { runNames } from "./runNames.ts";
import type { Run } from "./runs.ts";
import { characterErrorRate, precision, recall } from "./scoring.ts";
import type { Bench } from "./sets.ts";

/** What was measured on: two runs compare only where this is the same. */
export function printSetting({ corpus, pair, options }: Bench): void {
  const processor = cpus()[0]?.model ?? process.arch;
  console.log(`${availableParallelism()} processors (${processor}), Node ${process.versions.node}`);
  console.log(`Native pair: ${pair?.versions ?? (options.native ? "not on PATH" : "not asked for")}`);
  console.log(`Documents: ${corpus === null ? "samples/ (there is no corpus)" : "the corpus"}`);
}

/** One line a run. */
export function printRuns(runs: readonly Run[]): void {
  const head = [
    "run",
    "by",
    "threads",
    "pages",
    "wall s",
    "pages/s",
    "first s",
    "peak MB",
    "CPU s",
    "gap ms",
  ];
  const rows = runs.map((run) => {
    const { name, reader, threads, pageCount, failedPages, measurement: m } = run;
    return [
      name,
      reader,
      String(threads),
      failedPages > 0 ? `${pageCount} (${failedPages} failed)` : String(pageCount),
      m.wallSeconds.toFixed(1),
      pagesPerSecond(run).toFixed(2),
      m.firstLineSeconds?.toFixed(2) ?? missing,
      (m.peakBytes / 1_000_000).toFixed(1),
      m.cpuSeconds?.toFixed(1) ?? missing,
      m.longestGapMs.toFixed(0),
    ];
  });
  printTable("Speed and memory", head, rows);
  console.log("peak: PSS of the whole process tree; gap: longest time between two samples of it");

  const accuracy = runs.map(({ name, reader, score }) => [
    name,
    reader,
    percent(recall(score)),
    percent(precision(score)),
    percent(characterErrorRate(score)),
    String(score.truthWords),
  ]);
  printTable("Accuracy", ["run", "by", "recall %", "precision %", "CER %", "words"], accuracy);
  console.log("CER: of documents without tables; it counts text read in another order as wrong");
}

/** Quire beside the native pair: times as ratios, accuracy as differences. */
export function printComparison(runs: readonly Run[]): void {
  const rows = runs.flatMap((quire) => {
    const native = runs.find(({ name, reader }) => name === quire.name && reader === "native");
    if (quire.reader !== "quire" || !native) return [];
    const [a, b] = [quire.measurement, native.measurement];
    const difference = (measure: (score: Run["score"]) => number) =>
      signed(100 * (measure(quire.score) - measure(native.score)));
    return [
      [
        quire.name,
        comparesInTime(quire.name) ? (a.wallSeconds / b.wallSeconds).toFixed(2) : missing,
        a.cpuSeconds && b.cpuSeconds ? (a.cpuSeconds / b.cpuSeconds).toFixed(2) : missing,
        difference(recall),
        difference(precision),
        difference(characterErrorRate),
      ],
    ];
  });
  if (rows.length === 0) return;
  printTable("Quire by the native pair", ["run", "wall x", "CPU x", "recall", "precision", "CER"], rows);
  console.log(
    "recall, precision, CER: percentage points; wall time is compared for PDFs only, as tesseract reads a",
  );
  console.log("TIFF of many pages in one process");
}

function comparesInTime(name: string): boolean {
  const tiffs: readonly string[] = [runNames.lzw, runNames.samples];
  return !tiffs.includes(name);
}

function percent(share: number): string {
  return Number.isNaN(share) ? missing : (100 * share).toFixed(2);
}

function signed(points: number): string {
  return Number.isNaN(points) ? missing : `${points < 0 ? "" : "+"}${points.toFixed(2)}`;
}
