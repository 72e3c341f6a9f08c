import type { PageImage } from "../../raster/netpbm.ts";
import type { RecognisedWord } from "../parseTsv.ts";
import { gainFrom, rateReading } from "./rateReading.ts";
import { readsScript } from "./script.ts";

/** So many models are tried; where more are installed, those of the script that is seen. */
export const mostTried = 6;
/** In languages that a page is in, strips of it are read with 85 and more; in another script with 20 to 45. */
const leastConfidence = 50;
/**
 * Two models take nearly twice as long as one, and are somewhat surer together even where one of them is of no use: of
 * English tables by up to 4.5. Where two scripts are mixed it is 26 (docs/decisions/0016).
 */
const leastGain = 6;

/**
 * By so much another language must be surer than the usual one to be taken in its place: of 28 English pages one was
 * read in French with 0.9 more, of 12 French texts each with 1.3 more at least (docs/decisions/0016).
 */
const leastLead = 1;

/** A piece of the document to try languages on, and the ways in which what is written may lie in it. */
export interface Sample {
  readonly dpi: number;
  /** The likelier way up first. */
  readonly waysUp: readonly [PageImage, ...PageImage[]];
}

export interface LanguageTrial {
  /** Recognises a sample in these languages. */
  recognise(image: PageImage, dpi: number, languages: readonly string[]): Promise<readonly RecognisedWord[]>;
  /** The script that the samples are in, null where that is not seen. */
  detectScript(samples: readonly Sample[]): Promise<string | null>;
}

/** All samples as read in one language, or in two. */
interface Reading {
  readonly languages: readonly string[];
  readonly perSample: readonly (readonly RecognisedWord[])[];
  readonly rating: number;
}

/**
 * The languages in which the samples read best: one of those given, or two where they are surer together.
 *
 * @param installed the usual one first: it is taken where nothing can be told
 */
export async function chooseLanguages(
  samples: readonly Sample[],
  installed: readonly string[],
  trial: LanguageTrial,
): Promise<readonly string[]> {
  const tried = await likely(samples, installed, trial);
  const ways = Math.max(...samples.map(({ waysUp }) => waysUp.length));
  for (let way = 0; way < ways; way++) {
    const read = (languages: readonly string[]) => readAll(samples, way, languages, trial);
    const readings: Reading[] = [];
    for (const language of tried) readings.push(await read([language]));
    const best = surest(readings, installed[0]);
    if (best.rating >= leastConfidence) return (await withAnother(best, readings, read)).languages;
  }
  return installed.slice(0, 1);
}

/** The reading with the highest rating, or the usual language's where none is clearly surer. */
function surest(readings: readonly Reading[], usual: string | undefined): Reading {
  const rated = ({ languages, rating }: Reading) => rating + (languages[0] === usual ? leastLead : 0);
  return readings.reduce((one, other) => (rated(other) > rated(one) ? other : one));
}

/** The models to try, by the script that is seen where there are too many. */
async function likely(
  samples: readonly Sample[],
  installed: readonly string[],
  trial: LanguageTrial,
): Promise<readonly string[]> {
  if (installed.length <= mostTried) return installed;
  const script = await trial.detectScript(samples);
  const fitting = installed.filter((language) => script !== null && readsScript(language, script));
  return (fitting.length > 0 ? fitting : installed).slice(0, mostTried);
}

async function readAll(
  samples: readonly Sample[],
  way: number,
  languages: readonly string[],
  trial: LanguageTrial,
): Promise<Reading> {
  const images = samples.map(({ dpi, waysUp }) => ({ dpi, image: waysUp[way] ?? waysUp[0] }));
  const perSample = await Promise.all(images.map(({ dpi, image }) => trial.recognise(image, dpi, languages)));
  return { languages, perSample, rating: rateReading(perSample.flat()) };
}

/** The best reading, or one in its language and the one that adds most to it, where that is clearly surer. */
async function withAnother(
  best: Reading,
  readings: readonly Reading[],
  read: (languages: readonly string[]) => Promise<Reading>,
): Promise<Reading> {
  const gains = readings.map((other) => ({ other, gain: gain(best, other) }));
  const most = gains.reduce((one, two) => (two.gain > one.gain ? two : one));
  if (most.gain < leastGain) return best;
  const together = await read([...best.languages, ...most.other.languages]);
  return together.rating >= best.rating + leastGain ? together : best;
}

/** The mean over the samples. */
function gain(one: Reading, other: Reading): number {
  const gains = one.perSample.map((words, index) => gainFrom(words, other.perSample[index] ?? []));
  return gains.reduce((sum, value) => sum + value, 0) / gains.length;
}
