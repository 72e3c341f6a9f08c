import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";

/** What one document says: the whole of a file, or some pages of one that many documents were put together to. */
export interface Truth {
  /** The document's name: the same for its scan, its fax and its pages in `long/`. */
  readonly name: string;
  /** The file's pages, from 1, or null for all of them. */
  readonly pages: readonly number[] | null;
  readonly text: string;
  /** Whether the text has one order to be read in; tables have not, so they get no character error rate. */
  readonly oneReadingOrder: boolean;
}

export interface BenchDocument {
  readonly path: string;
  readonly truths: readonly Truth[];
}

/** The kinds of `clinical/`: file name endings. */
export const clinicalKinds = {
  scan300: ".scan300.pdf",
  fax200: ".fax200.tif",
  digital: ".digital.pdf",
} as const;
export type ClinicalKind = keyof typeof clinicalKinds;

/** The documents of one kind in `clinical/`, each with the truth that has its name. */
export function clinicalDocuments(corpus: string, kind: ClinicalKind): BenchDocument[] {
  const folder = join(corpus, "clinical");
  const ending = clinicalKinds[kind];
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  return files
    .sort()
    .map((file) => wholeDocument(join(folder, file), join(folder, `${basename(file, ending)}.txt`)));
}

/** A file of `long/`, whose map tells which document each of its pages is from. */
export function longDocument(corpus: string, file: string): BenchDocument {
  const folder = join(corpus, "long");
  const map = JSON.parse(readFileSync(join(folder, `${basename(file, extname(file))}.map.json`), "utf8")) as {
    page: number;
    document: string;
  }[];
  const truths = Map.groupBy(map, ({ document }) => document);
  return {
    path: join(folder, file),
    truths: [...truths].map(([name, entries]) => ({
      ...readTruth(join(folder, "truth", `${name}.txt`)),
      pages: entries.map(({ page }) => page),
    })),
  };
}

/** The project's samples that have a truth: NAME.pdf and the like beside NAME.txt. */
export function sampleDocuments(folder: string): BenchDocument[] {
  const files = readdirSync(folder);
  const names = new Set(files);
  return files
    .filter((file) => /\.(pdf|tif|jpg|png)$/.test(file))
    .map((file) => ({ file, truth: `${basename(file, extname(file))}.txt` }))
    .filter(({ truth }) => names.has(truth))
    .map(({ file, truth }) => wholeDocument(join(folder, file), join(folder, truth)));
}

/** The files of `reading/` that have a truth. */
export function readingDocuments(corpus: string): BenchDocument[] {
  return sampleDocuments(join(corpus, "reading"));
}

/** The document with only those truths that the first pages hold in full. */
export function firstPages(document: BenchDocument, pageCount: number): BenchDocument {
  return withTruths(document, (page) => page <= pageCount);
}

/** The document with only those truths that the pages after the first hold in full. */
export function laterPages(document: BenchDocument, pageCount: number): BenchDocument {
  return withTruths(document, (page) => page > pageCount);
}

function withTruths(document: BenchDocument, within: (page: number) => boolean): BenchDocument {
  return { ...document, truths: document.truths.filter(({ pages }) => pages?.every(within) ?? false) };
}

function wholeDocument(path: string, truthPath: string): BenchDocument {
  return { path, truths: [readTruth(truthPath)] };
}

function readTruth(path: string): Truth {
  return {
    name: basename(path, ".txt"),
    pages: null,
    text: readFileSync(path, "utf8"),
    oneReadingOrder: !basename(path).includes("table"),
  };
}
