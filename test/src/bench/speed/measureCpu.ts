import { basename } from "node:path";
import type { Quality } from "@quire/core";
import { firstLongPages } from "../accuracy/wordSets.ts";
import { atMost, type Bar } from "../bar.ts";
import { firstPages, longDocument } from "../documents.ts";
import { readWithNativePair } from "../nativePair.ts";
import { missing, printTable } from "../printTable.ts";
import { measureNative, measureQuire, type Run } from "../runs.ts";
import { type Bench, corpusOf } from "../sets.ts";

const threads = 2;
const quickPages = 6;
/** Processor time and time to the first line, by the native pair's. */
const maxCpu: Readonly<Record<Quality, number>> = { fast: 0.6, balanced: 0.75, best: 1.9 };
const maxFirstLine = 1;

/**
 * What reading the first pages of the long scan costs in each quality, beside the native pair on the same pages. The
 * pair's first page is measured by itself.
 */
export async function measureCpu(bench: Bench): Promise<{ runs: Run[]; bars: Bar[] }> {
  const { options, pair } = bench;
  const pageCount = options.quick ? quickPages : firstLongPages;
  const document = firstPages(longDocument(corpusOf(bench), "clinical-142p.pdf"), pageCount);
  const request = { documents: [document], threads, pages: `1-${pageCount}` };
  const runs: Run[] = [];
  let native: Run | null = null;
  let nativeFirstSeconds = Number.NaN;
  for (const quality of options.qualities) {
    const name = `long, ${pageCount} pages, ${quality}`;
    const { run, texts } = await measureQuire({ ...request, name, quality });
    runs.push(run);
    if (!pair || native) continue;
    native = await measureNative({ ...request, name: `long, ${pageCount} pages` }, pair, texts);
    const firstPage = new Map([[basename(document.path), new Map([[1, ""]])]]);
    const { measurement } = await readWithNativePair(pair, [document.path], firstPage, 1);
    nativeFirstSeconds = measurement.wallSeconds;
  }
  const rows = runs.map(({ name, measurement: m }) => [
    name,
    m.cpuSeconds === null ? missing : (m.cpuSeconds / pageCount).toFixed(2),
    ratio(m.cpuSeconds, native?.measurement.cpuSeconds),
    ratio(m.wallSeconds, native?.measurement.wallSeconds),
    m.firstLineSeconds?.toFixed(2) ?? missing,
    ratio(m.firstLineSeconds, nativeFirstSeconds),
  ]);
  const head = ["run", "CPU s/page", "CPU x", "wall x", "first line s", "first line x"];
  printTable("Time beside the native pair (x: by the pair's)", head, rows);
  console.log(
    "first line: from the start of the command, by the time the native pair takes for the first page",
  );
  const bars = runs.flatMap(({ name, measurement: m }, index) => [
    atMost(
      `${name}: processor time by the native pair's`,
      maxCpu[options.qualities[index] as Quality],
      "x",
      quotient(m.cpuSeconds, native?.measurement.cpuSeconds),
    ),
    atMost(
      `${name}: first line by the native pair's page`,
      maxFirstLine,
      "x",
      quotient(m.firstLineSeconds, nativeFirstSeconds),
    ),
  ]);
  return { runs: native ? [...runs, native] : runs, bars };
}

function ratio(ours: number | null, theirs: number | null | undefined): string {
  return quotient(ours, theirs)?.toFixed(2) ?? missing;
}

function quotient(ours: number | null, theirs: number | null | undefined): number | undefined {
  return ours === null || !theirs || Number.isNaN(theirs) ? undefined : ours / theirs;
}
