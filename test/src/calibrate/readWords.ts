import { loadConfig } from "@quire/core";
import {
  type Calibration,
  type Check,
  checkOf,
  features,
  type GreyRaster,
  openDocument,
  type ReaderNetworks,
  readRaster,
} from "@quire/engine/calibration";
import { documentsOf, type WordSet } from "../bench/accuracy/wordSets.ts";
import { alignWords } from "../bench/calibration/alignWords.ts";
import { type Degradation, degradations, degrade } from "./degrade.ts";

/** A word that was read of a page of the corpus, what its confidence is computed from, and whether it is right. */
export interface SampledWord {
  readonly document: string;
  readonly degradation: Degradation;
  readonly check: Check;
  readonly features: readonly number[];
  readonly hasDigit: boolean;
  readonly correct: boolean;
}

/** What is learnt from; the rest of the long document is kept for saying how good the result is. */
const learntFrom: readonly WordSet[] = ["clinical-reports", "clinical-tables", "clinical-fax", "long-first"];
/** Pages of image documents are read at this at most, as the engine does. */
const maxDpi = 300;

/**
 * Reads the corpus as it is, and made worse in a few ways: good scans alone have too few errors to learn from. Every page is
 * read as `balanced` does.
 */
export async function* readWords(
  corpus: string,
  networks: ReaderNetworks,
  calibration: Calibration,
): AsyncGenerator<SampledWord, void, void> {
  const { limits } = loadConfig({});
  for (const set of learntFrom) {
    for (const { path, truths } of documentsOf(set, corpus, false)) {
      const document = await openDocument(path, undefined, limits);
      for (const truth of truths) {
        const pages = truth.pages ?? Array.from({ length: document.pageCount }, (_, index) => index + 1);
        const rasters: GreyRaster[] = [];
        for (const pageNumber of pages) {
          const page = await document.openPage(pageNumber);
          rasters.push(await page.rasterise(Math.min(maxDpi, page.ownDpi ?? maxDpi)));
          page.close();
        }
        for (const degradation of degradations) {
          const read = [];
          for (const raster of rasters) {
            const options = { quality: "balanced", rotate: true } as const;
            read.push(await readRaster(degrade(raster, degradation), networks, calibration, options));
          }
          const words = read.flatMap((page) => page.words);
          const evidence = read.flatMap((page) => page.evidence);
          const right = alignWords(truth.text, words);
          for (const [index, word] of words.entries()) {
            const characters = evidence[index] as (typeof evidence)[number];
            const check = checkOf(characters);
            yield {
              document: truth.name,
              degradation,
              check,
              features: features(characters, check),
              hasDigit: /\d/.test(word.text),
              correct: right[index] as boolean,
            };
          }
        }
      }
      await document.close();
    }
  }
}
