import { join } from "node:path";
import { writeDigitalPdf } from "./digitalPdf.ts";
import {
  type ClinicalKind,
  clinicalDocuments,
  clinicalKinds,
  firstPages,
  longDocument,
  sampleDocuments,
} from "./documents.ts";
import type { NativePair } from "./nativePair.ts";
import type { BenchOptions, SetName } from "./options.ts";
import { samplesFolder } from "./places.ts";
import { measureReaders, type Run } from "./runs.ts";
import { measureSearchablePdf } from "./searchablePdf.ts";

/** The threads of every run but the one that is to show what one thread needs. */
const threads = 2;
const someOfLong = 12;
const digitalPages = 120;
const digitalRepeats = 3;

/** What the sets are measured with. */
export interface Bench {
  readonly options: BenchOptions;
  /** Where the test documents are, or null. */
  readonly corpus: string | null;
  readonly pair: NativePair | null;
  readonly temporaryFolder: string;
}

export const clinicalRun = (kind: ClinicalKind) => `clinical ${kind}`;
export const runNames = {
  long: "long",
  longSome: `long, ${someOfLong} pages`,
  longSingle: "long, 1 thread",
  lzw: "lzw tiff",
  digital: `digital, ${digitalPages} pages`,
  samples: "samples",
} as const;

/** Every set of documents, and how it is measured. */
export const sets: Record<Exclude<SetName, "queue" | "access">, (bench: Bench) => Promise<Run[]>> = {
  long: measureLong,
  lzw: measureLzw,
  clinical: measureClinical,
  digital: measureDigital,
  samples: measureSamples,
  pdf: ({ corpus, options: { quick, native }, temporaryFolder }) =>
    measureSearchablePdf(present(corpus), { folder: temporaryFolder, quick, peer: native }),
};

/** The sets to measure: those asked for, else all of the corpus, else what needs none. */
export function chosenSets({ options, corpus }: Bench): readonly SetName[] {
  return (
    options.only ??
    (corpus === null
      ? ["samples", "digital", "queue", "access"]
      : ["long", "lzw", "clinical", "digital", "pdf", "queue", "access"])
  );
}

/** The long scan: next to the native pair, then its first pages and one thread for the memory they need. */
async function measureLong({ options, corpus, pair }: Bench): Promise<Run[]> {
  const whole = longDocument(present(corpus), "clinical-142p.pdf");
  const some = { documents: [firstPages(whole, someOfLong)], pages: `1-${someOfLong}`, threads };
  if (options.quick) return measureReaders({ ...some, name: runNames.longSome }, pair);
  return [
    ...(await measureReaders({ name: runNames.long, documents: [whole], threads }, pair)),
    ...(await measureReaders({ ...some, name: runNames.longSome }, null)),
    ...(await measureReaders({ name: runNames.longSingle, documents: [whole], threads: 1 }, null)),
  ];
}

function measureLzw({ corpus, pair }: Bench): Promise<Run[]> {
  const documents = [longDocument(present(corpus), "clinical-12p-lzw.tif")];
  return measureReaders({ name: runNames.lzw, documents, threads }, pair);
}

async function measureClinical({ corpus, pair }: Bench): Promise<Run[]> {
  const runs: Run[] = [];
  for (const kind of Object.keys(clinicalKinds) as ClinicalKind[]) {
    const documents = clinicalDocuments(present(corpus), kind);
    runs.push(...(await measureReaders({ name: clinicalRun(kind), documents, threads }, pair)));
  }
  return runs;
}

/** A digital PDF, without the native pair, which would OCR it. Some seconds each: the median of a few runs. */
async function measureDigital({ temporaryFolder }: Bench): Promise<Run[]> {
  const documents = [writeDigitalPdf(join(temporaryFolder, "digital.pdf"), digitalPages)];
  const runs: Run[] = [];
  for (let repeat = 0; repeat < digitalRepeats; repeat++) {
    runs.push(...(await measureReaders({ name: runNames.digital, documents, threads }, null)));
  }
  runs.sort((a, b) => a.measurement.wallSeconds - b.measurement.wallSeconds);
  return runs.slice(Math.floor(runs.length / 2), Math.floor(runs.length / 2) + 1);
}

async function measureSamples({ pair }: Bench): Promise<Run[]> {
  const documents = sampleDocuments(samplesFolder);
  if (documents.length === 0)
    throw new Error("samples/ holds no document with a truth. Make them: npm run samples");
  return measureReaders({ name: runNames.samples, documents, threads }, pair);
}

function present(corpus: string | null): string {
  if (corpus === null)
    throw new Error("This set needs the corpus, ../shared/corpus from the top of the repository.");
  return corpus;
}
