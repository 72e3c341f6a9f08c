import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Bar, isCleared } from "../bar.ts";
import { measureCommand } from "../measureCommand.ts";
import { corpusFolder, openTemporaryFolder, quireCommand } from "../places.ts";
import { printBars } from "../printBars.ts";
import { printTable } from "../printTable.ts";
import { measureOutput, type OutputRun } from "./measureOutput.ts";
import { optionsOrExit } from "./options.ts";

/** The long scan and its beginning: what either takes may hardly differ. */
const pages = { many: 142, few: 12 } as const;
const mostMegabytes = 300;
const mostPercentMore = 15;

// By way of "exit", where what runs is killed and the temporary folder goes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

const { formats, pagesFile } = optionsOrExit(process.argv.slice(2));
const corpus = corpusFolder();
if (corpus === null) {
  console.error("bench: this needs the corpus, ../shared/corpus from the top of the repository.");
  process.exit(1);
}
const folder = openTemporaryFolder();
const long = join(corpus, "long/clinical-142p.pdf");
const short = join(folder, "12p.pdf");
execFileSync("qpdf", [long, "--pages", long, `1-${pages.few}`, "--", short]);
const stored = pagesFile ?? (await readPages());

const runs: OutputRun[] = [];
for (const format of formats) {
  const target = join(folder, `output.${format}`);
  for (const [pageCount, original] of [
    [pages.few, short],
    [pages.many, long],
  ] as const) {
    process.stderr.write(`bench: ${format} of ${pageCount} pages\n`);
    runs.push(await measureOutput({ format, original, pagesFile: stored, pageCount, target }));
  }
}
const bars = formats.flatMap(barsOf);
printRuns();
printBars(bars);
if (bars.some((bar) => isCleared(bar) === false)) process.exitCode = 1;

/** @returns the file with the results of all pages */
async function readPages(): Promise<string> {
  process.stderr.write(`bench: reading ${pages.many} pages first\n`);
  const file = join(folder, "pages.ndjson");
  await measureCommand({
    program: process.execPath,
    args: [quireCommand, "ocr", "--quiet", "--format", "ndjson", "--output", file, long],
    goodExitCodes: [0],
  });
  return file;
}

function barsOf(format: OutputRun["format"]): Bar[] {
  const find = (pageCount: number) =>
    runs.find((run) => run.format === format && run.pageCount === pageCount)?.peakBytes ?? Number.NaN;
  const [few, many] = [find(pages.few), find(pages.many)];
  const percentMore = 100 * (many / few - 1);
  return [
    {
      what: `${format}: peak of all processes`,
      unit: "MB",
      limit: mostMegabytes,
      kind: "at most",
      measured: megabytes(many),
    },
    {
      what: `${format}: peak, more than for ${pages.few} pages`,
      unit: "%",
      limit: mostPercentMore,
      kind: "at most",
      measured: percentMore,
    },
  ];
}

function printRuns(): void {
  const rows = runs.map((run) => [
    run.format,
    `${run.pageCount}`,
    run.seconds.toFixed(1),
    megabytes(run.outputBytes).toFixed(1),
    megabytes(run.idleBytes).toFixed(1),
    megabytes(run.peakBytes).toFixed(1),
    run.longestGapMs.toFixed(0),
  ]);
  const head = ["format", "pages", "s", "output MB", "before MB", "peak MB", "gap ms"];
  printTable("Memory while an output is made of stored page results", head, rows);
  console.log(
    "before, peak: PSS of the process, of an engine that has read a page and is idle, and of the maker",
  );
}

function megabytes(bytes: number): number {
  return bytes / 1_000_000;
}
