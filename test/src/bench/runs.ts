import type { BenchDocument } from "./documents.ts";
import type { Measurement } from "./measureCommand.ts";
import { type NativePair, readWithNativePair } from "./nativePair.ts";
import { type Reading, readWithQuire } from "./readWithQuire.ts";
import { type Score, score } from "./scoring.ts";

export type Reader = "quire" | "native" | "ocrmypdf";

/** One command measured: what it read, how fast, in how much memory and how well. */
export interface Run {
  readonly name: string;
  readonly reader: Reader;
  readonly threads: number;
  readonly pageCount: number;
  readonly failedPages: number;
  readonly measurement: Measurement;
  readonly score: Score;
}

export interface RunRequest {
  readonly name: string;
  readonly documents: readonly BenchDocument[];
  readonly threads: number;
  /** A page range; the documents then have the truths of these pages only. */
  readonly pages?: string | undefined;
}

/** Measures Quire on some documents and, where there is a pair, the native pair on the same pages after it. */
export async function measureReaders(request: RunRequest, pair: NativePair | null): Promise<Run[]> {
  const { name, documents, threads, pages } = request;
  const files = documents.map(({ path }) => path);
  say(`${name}: quire, ${threads} ${threads === 1 ? "thread" : "threads"}`);
  const quire = await readWithQuire({ files, threads, pages });
  const runs = [run("quire", request, quire)];
  if (pair) {
    say(`${name}: pdftoppm and tesseract, ${threads} at once`);
    const native = await readWithNativePair(pair, files, quire.texts, threads);
    runs.push(run("native", request, native));
  }
  return runs;
}

function run(reader: Reader, { name, documents, threads }: RunRequest, reading: Reading): Run {
  const { texts, measurement, failedPages } = reading;
  const pageCount = [...texts.values()].reduce((sum, pages) => sum + pages.size, 0);
  return { name, reader, threads, pageCount, failedPages, measurement, score: score(documents, texts) };
}

/** Says on standard error what is under way: a run may take minutes. */
function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
