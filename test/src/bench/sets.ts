import { join } from "node:path";
import type { Bar } from "./bar.ts";
import { barsOf } from "./bars.ts";
import { writeDigitalPdf } from "./digitalPdf.ts";
import { longDocument, sampleDocuments } from "./documents.ts";
import type { NativePair } from "./nativePair.ts";
import { type BenchOptions, databaseParts, type PartName, partNames, type RunPart } from "./options.ts";
import { samplesFolder } from "./places.ts";
import { digitalPages, runNames } from "./runNames.ts";
import { measureReaders, type Run } from "./runs.ts";
import { measureSearchablePdf } from "./searchablePdf.ts";
import { measureCpu } from "./speed/measureCpu.ts";
import { measureMemory } from "./speed/measureMemory.ts";

/** The threads of every run but those that show what one thread needs. */
const threads = 2;
const digitalRepeats = 3;

/** What the parts are measured with. */
export interface Bench {
  readonly options: BenchOptions;
  /** Where the test documents are, or null. */
  readonly corpus: string | null;
  readonly pair: NativePair | null;
  readonly temporaryFolder: string;
}

/** What the runs of one part came to, and what they are held to. */
export interface Measured {
  readonly runs: readonly Run[];
  readonly bars: readonly Bar[];
}

/** Every part that measures whole commands. */
export const runs: Record<RunPart, (bench: Bench) => Promise<Measured>> = {
  cpu: measureCpu,
  memory: measureMemory,
  lzw: async (bench) => measured(await measureLzw(bench)),
  digital: async (bench) => measured(await measureDigital(bench)),
  samples: async (bench) => measured(await measureSamples(bench)),
  pdf: async (bench) => {
    const { options, temporaryFolder: folder } = bench;
    const found = await measureSearchablePdf(corpusOf(bench), {
      folder,
      quick: options.quick,
      peer: options.native,
    });
    return measured(found);
  },
};

const measured = (found: readonly Run[]): Measured => ({ runs: found, bars: barsOf(found) });

/** What is measured where nothing was asked for: all that the corpus allows, or what needs none. */
export function chosenParts({ options, corpus }: Bench): readonly PartName[] {
  const all = partNames.filter((name) => name !== "samples");
  return options.only ?? (corpus === null ? ["samples", "digital", ...databaseParts] : all);
}

function measureLzw(bench: Bench): Promise<Run[]> {
  const documents = [longDocument(corpusOf(bench), "clinical-12p-lzw.tif")];
  return measureReaders({ name: runNames.lzw, documents, threads }, bench.pair);
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

/** @throws Error where there is none */
export function corpusOf({ corpus }: Pick<Bench, "corpus">): string {
  if (corpus === null)
    throw new Error("This part needs the corpus, ../shared/corpus from the top of the repository.");
  return corpus;
}
