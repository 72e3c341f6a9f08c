import type { Quality } from "@quire/core";
import type { BenchDocument } from "./documents.ts";
import type { Measurement } from "./measureCommand.ts";
import { type NativePair, readWithNativePair } from "./nativePair.ts";
import { type Reading, readWithQuire } from "./readWithQuire.ts";
import { type Score, score, type Texts } from "./scoring.ts";

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
  /** Of Quire's reading; the command's own choice by default. */
  readonly quality?: Quality | undefined;
}

/** Measures Quire on some documents and, where there is a pair, the native pair on the same pages after it. */
export async function measureReaders(request: RunRequest, pair: NativePair | null): Promise<Run[]> {
  const { run, texts } = await measureQuire(request);
  return pair ? [run, await measureNative(request, pair, texts)] : [run];
}

/** Measures Quire on some documents; also what it read. */
export async function measureQuire(request: RunRequest): Promise<{ run: Run; texts: Texts }> {
  const { name, documents, threads, pages, quality } = request;
  say(`${name}: quire, ${threads} ${threads === 1 ? "thread" : "threads"}`);
  const files = documents.map(({ path }) => path);
  const reading = await readWithQuire({ files, threads, pages, quality });
  return { run: runOf("quire", request, reading), texts: reading.texts };
}

/** Measures the native pair. @param texts what Quire read: it tells the pages to read */
export async function measureNative(request: RunRequest, pair: NativePair, texts: Texts): Promise<Run> {
  const { name, documents, threads } = request;
  say(`${name}: pdftoppm and tesseract, ${threads} at once`);
  const files = documents.map(({ path }) => path);
  return runOf("native", request, await readWithNativePair(pair, files, texts, threads));
}

function runOf(reader: Reader, { name, documents, threads }: RunRequest, reading: Reading): Run {
  const { texts, measurement, failedPages } = reading;
  const pageCount = [...texts.values()].reduce((sum, pages) => sum + pages.size, 0);
  return { name, reader, threads, pageCount, failedPages, measurement, score: score(documents, texts) };
}

/** Says on standard error what is under way: a run may take minutes. */
function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
