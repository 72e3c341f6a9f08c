import type { Orientation } from "@quire/core";
import type { PageImage } from "../../raster/netpbm.ts";
import type { TsvWord } from "../parseTsv.ts";
import { chooseExcerpt } from "./excerpt.ts";
import { cutTurned, turned } from "./quarterTurns.ts";

/** What is read of a page, on its image turned clockwise by `orientation`. */
export interface Reading {
  readonly words: readonly TsvWord[];
  readonly orientation: Orientation;
}

/** Recognises an image of the page, or of a part of it. */
export type Recognise = (image: PageImage) => readonly TsvWord[];

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
const minConfidence = 45;
const clearlyBetter = 15;
/** Of fewer words nothing is concluded. */
const minWords = 3;

/**
 * Reads a page the way up in which it reads well (docs/decisions/0015). One whose lines run across is read as it lies,
 * and that is all where it reads well; otherwise a strip of it is tried upside down. Of one whose lines run up or down
 * a strip is tried both ways, and then the page is read. Where no way is clearly better it stays as it lies, and so it
 * does where trying another way fails.
 */
export function readUpright(page: Lying, recognise: Recognise): Reading {
  const { image, sideways } = page;
  if (sideways) return readTurned(image, betterTurn(page, [90, 270], recognise) ?? 0, recognise);

  const asItLies = readTurned(image, 0, recognise);
  if (confidenceOf(asItLies.words) >= readsWell) return asItLies;
  try {
    if (betterTurn(page, [0, 180], recognise) !== 180) return asItLies;
    const upsideDown = readTurned(image, 180, recognise);
    return confidenceOf(upsideDown.words) > confidenceOf(asItLies.words) ? upsideDown : asItLies;
  } catch {
    return asItLies;
  }
}

function readTurned(image: PageImage, orientation: Orientation, recognise: Recognise): Reading {
  return { words: recognise(turned(image, orientation)), orientation };
}

/** The turn with which a strip of the page reads well, and clearly better than with the other; null if neither does. */
function betterTurn(
  { image, dpi, sideways }: Lying,
  [first, second]: readonly [Orientation, Orientation],
  recognise: Recognise,
): Orientation | null {
  const strip = chooseExcerpt(image, dpi, sideways);
  if (!strip) return null;
  const confidence = (turn: Orientation) => confidenceOf(recognise(cutTurned(image, strip, turn)));
  const one = confidence(first);
  const other = confidence(second);
  if (Math.max(one, other) < minConfidence || Math.abs(one - other) < clearlyBetter) return null;
  return one > other ? first : second;
}

/** The mean confidence of what may be words; 0 where there are too few to tell. */
function confidenceOf(words: readonly TsvWord[]): number {
  const telling = words.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  if (telling.length < minWords) return 0;
  return telling.reduce((sum, { confidence }) => sum + confidence, 0) / telling.length;
}
