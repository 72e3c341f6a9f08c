import type { PageResult, Quality } from "@quire/core";
import { type Measurement, measureCommand } from "./measureCommand.ts";
import { quireCommand } from "./places.ts";
import type { Texts } from "./scoring.ts";

/** What a reader made of some documents, and what it took. */
export interface Reading {
  readonly texts: Texts;
  readonly measurement: Measurement;
  readonly failedPages: number;
  /** By how many degrees the lines of each page fall to the right, as the reader says; none of the native pair. */
  readonly skews: readonly number[];
}

export interface QuireRequest {
  readonly files: readonly string[];
  readonly threads: number;
  /** A page range as `--pages` takes it; all pages by default. */
  readonly pages?: string | undefined;
  /** The command's own choice by default. */
  readonly quality?: Quality | undefined;
  /** Further options of the command. */
  readonly flags?: readonly string[];
}

/** `quire ocr`'s exit codes for documents that were read: in full, or but for some pages. */
const readInFull = 0;
const readInPart = 4;

/** Reads documents with `quire ocr --format ndjson`. @throws Error if one could not be read at all */
export async function readWithQuire({
  files,
  threads,
  pages,
  quality,
  flags = [],
}: QuireRequest): Promise<Reading> {
  const range = pages === undefined ? [] : ["--pages", pages];
  const thoroughness = quality === undefined ? [] : ["--quality", quality];
  const { measurement, lines } = await measureCommand({
    program: process.execPath,
    args: [
      quireCommand,
      "ocr",
      "--quiet",
      "--format",
      "ndjson",
      "--threads",
      String(threads),
      ...range,
      ...thoroughness,
      ...flags,
      ...files,
    ],
    goodExitCodes: [readInFull, readInPart],
  });
  const texts = new Map<string, Map<number, string>>();
  const skews: number[] = [];
  let failedPages = 0;
  for (const line of lines) {
    const { document, pageNumber, text, outcome, skew } = JSON.parse(line) as PageResult & {
      document: string;
    };
    if (outcome === "failed") failedPages++;
    else skews.push(skew);
    const read = texts.get(document) ?? new Map<number, string>();
    texts.set(document, read.set(pageNumber, text));
  }
  return { texts, measurement, failedPages, skews };
}
