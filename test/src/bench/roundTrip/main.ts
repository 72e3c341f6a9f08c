import { spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import type { PageResult } from "@quire/core";
import { missing, writePdf } from "@quire/outputs/testing";
import { clinicalDocuments } from "../documents.ts";
import { corpusFolder, openTemporaryFolder, quireCommand, samplesFolder } from "../places.ts";
import { type RoundTrip, roundTrip } from "./roundTrip.ts";

/** Reads scans, makes searchable PDFs of them, and reads these back: what is found, and where. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { results: { type: "string" } },
});
const absent = missing("pdftotext", "pdfimages", "qpdf");
if (absent) {
  console.error(`bench:roundtrip: ${absent}`);
  process.exit(1);
}
const folder = openTemporaryFolder();
/** Where results are kept from one run to the next: reading takes most of the time. */
const resultsFolder = values.results ?? folder;
mkdirSync(resultsFolder, { recursive: true });

const corpus = corpusFolder();
const scans = corpus
  ? [...clinicalDocuments(corpus, "scan300"), ...clinicalDocuments(corpus, "fax200")].map(({ path }) => path)
  : [];
const samples = ["scan.pdf", "mixed.pdf", "awkward/hidden-text.pdf"].map((name) => join(samplesFolder, name));
const documents = positionals.length > 0 ? positionals : [...samples, ...scans];

function resultsOf(path: string): PageResult[] {
  const kept = join(resultsFolder, `${basename(path)}.json`);
  if (!existsSync(kept)) {
    const args = [quireCommand, "ocr", "--quiet", "--format", "json", "--output", kept, path];
    spawnSync(process.execPath, args, { stdio: "inherit" });
  }
  return (JSON.parse(readFileSync(kept, "utf8")) as { pages: PageResult[] }).pages;
}

async function* each(results: readonly PageResult[]): AsyncGenerator<PageResult> {
  yield* results;
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const tick = (good: boolean | null) => (good === null ? "–" : good ? "yes" : "NO");

function row(name: string, found: RoundTrip): string {
  const { pages, words, poppler, pdfjs, pdfium, notWhole } = found;
  const counts = [pages, words, poppler, pdfjs, pdfium, notWhole].join(" | ");
  const kept = [found.beginsWithOriginal, found.sameDrawing, found.samePictures, found.soundByQpdf].map(tick);
  return `| ${name} | ${counts} | ${percent(found.furthestOff)} | ${kept.join(" | ")} |`;
}

console.log(
  "| document | pages | words | same in Poppler | pdf.js | PDFium | not whole | furthest off | original first | drawing | pictures | qpdf |",
);
console.log(`|${" --- |".repeat(12)}`);
for (const path of documents) {
  const results = resultsOf(path);
  const output = join(folder, "output.pdf");
  const format = extname(path) === ".pdf" ? "pdf" : "tiff";
  const source = {
    path,
    format,
    pageCount: results.length,
    name: basename(path),
    archival: false,
  } as const;
  await pipeline(writePdf(source, each(results)), createWriteStream(output));
  console.log(row(basename(path), await roundTrip({ path, format }, output, results)));
}
