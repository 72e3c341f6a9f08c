import { basename } from "node:path";
import {
  type BenchDocument,
  clinicalDocuments,
  firstPages,
  laterPages,
  longDocument,
  readingDocuments,
} from "../documents.ts";

/** The sets that accuracy is measured on. What is tuned is tuned on others than `long-rest`. */
export const wordSets = [
  "clinical-reports",
  "clinical-tables",
  "clinical-fax",
  "long-first",
  "long-rest",
  "reading-images",
  "reading-others",
] as const;
export type WordSet = (typeof wordSets)[number];

export const firstLongPages = 20;
/** Of `reading/`, what has to be read word for word: dark, tall and one-line images. */
const exactImages = /^(dark-|tall-|one-line|wide-strip).*\.png$/;
/** With `--quick`: the documents of a set, and the pages of the long one that is held out. */
const quickDocuments = 3;
const quickLongPages = 26;

/** The documents of a set. A long document has only the truths that belong to the set: only their pages are read. */
export function documentsOf(set: WordSet, corpus: string, quick: boolean): BenchDocument[] {
  const documents = allOf(set, corpus);
  if (!quick) return documents;
  if (set !== "long-rest")
    return documents.slice(0, set.startsWith("reading") ? documents.length : quickDocuments);
  return documents.map((document) => firstPages(document, quickLongPages));
}

function allOf(set: WordSet, corpus: string): BenchDocument[] {
  const scans = (part: string) =>
    clinicalDocuments(corpus, "scan300").filter(({ path }) => basename(path).includes(part));
  const exact = ({ path }: BenchDocument) => exactImages.test(basename(path));
  const long = () => longDocument(corpus, "clinical-142p.pdf");
  switch (set) {
    case "clinical-reports":
      return scans("normal");
    case "clinical-tables":
      return scans("tables");
    case "clinical-fax":
      return clinicalDocuments(corpus, "fax200");
    case "long-first":
      return [firstPages(long(), firstLongPages)];
    case "long-rest":
      return [laterPages(long(), firstLongPages)];
    case "reading-images":
      return readingDocuments(corpus).filter(exact);
    case "reading-others":
      return readingDocuments(corpus).filter((document) => !exact(document));
  }
}
