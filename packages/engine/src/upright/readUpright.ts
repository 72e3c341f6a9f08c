import type { PageImage } from "../raster/netpbm.ts";
import type { RecognisedWord } from "../recognise/parseTsv.ts";
import { chooseExcerpt } from "./excerpt.ts";
import { cutTurned, type Orientation, turned } from "./quarterTurns.ts";

/** What is read of a page, on its image turned clockwise by `orientation`. */
export interface Reading {
  readonly words: readonly RecognisedWord[];
  readonly orientation: Orientation;
}

/** Recognises an image of the page, or of a part of it. */
export type Recognise = (image: PageImage) => Promise<readonly RecognisedWord[]>;

export interface UprightReader {
  readonly recognise: Recognise;
  /** The page is read in one way, and will be tried in others. */
  onRead(reading: Reading): void;
}

/** A page as it lies. */
interface Lying {
  readonly image: PageImage;
  readonly dpi: number;
  /** Whether its lines run up or down. */
  readonly sideways: boolean;
}

/** Clinical pages are read with a mean confidence of 80 and more, strips of tables with 72; upside down with 20 to 40. */
const readsWell = 60;
/** A turn is taken where a strip is read with this at least, and so much better than the other way up. */
const leastConfidence = 45;
const clearlyBetter = 15;
/** Of fewer words nothing is concluded. */
const leastWords = 3;

/**
 * Reads a page the way up in which it reads well (docs/decisions/0015). One whose lines run across is read as it lies,
 * and that is all where it reads well; otherwise a strip of it is tried upside down. Of one whose lines run up or down
 * a strip is tried both ways, and then the page is read. Where no way is clearly better it stays as it lies.
 */
export async function readUpright(page: Lying, reader: UprightReader): Promise<Reading> {
  const { image, sideways } = page;
  if (sideways) return readTurned(image, (await betterTurn(page, [90, 270], reader)) ?? 0, reader);

  const asItLies = await readAsItLies(image, reader.recognise);
  if (confidenceOf(asItLies.words) >= readsWell) return asItLies;
  reader.onRead(asItLies);
  try {
    if ((await betterTurn(page, [0, 180], reader)) !== 180) return asItLies;
    const upsideDown = await readTurned(image, 180, reader);
    return confidenceOf(upsideDown.words) > confidenceOf(asItLies.words) ? upsideDown : asItLies;
  } catch {
    // It could be read as it lies.
    return asItLies;
  }
}

/** Reads a page without asking how it lies. */
export async function readAsItLies(image: PageImage, recognise: Recognise): Promise<Reading> {
  return { words: await recognise(image), orientation: 0 };
}

async function readTurned(
  image: PageImage,
  orientation: Orientation,
  { recognise }: UprightReader,
): Promise<Reading> {
  return { words: await recognise(turned(image, orientation)), orientation };
}

/** The turn with which a strip of the page reads well, and clearly better than with the other; null if neither does. */
async function betterTurn(
  { image, dpi, sideways }: Lying,
  [first, second]: readonly [Orientation, Orientation],
  { recognise }: UprightReader,
): Promise<Orientation | null> {
  const strip = chooseExcerpt(image, dpi, sideways);
  if (!strip) return null;
  const confidence = async (turn: Orientation) =>
    confidenceOf(await recognise(cutTurned(image, strip, turn)));
  const one = await confidence(first);
  const other = await confidence(second);
  if (Math.max(one, other) < leastConfidence || Math.abs(one - other) < clearlyBetter) return null;
  return one > other ? first : second;
}

/** The mean confidence of what may be words; 0 where there are too few to tell. */
function confidenceOf(words: readonly RecognisedWord[]): number {
  const telling = words.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  if (telling.length < leastWords) return 0;
  return telling.reduce((sum, { confidence }) => sum + confidence, 0) / telling.length;
}
