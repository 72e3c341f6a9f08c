import type { CorrectionMode, Orientation } from "@quire/core";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { encodeNetpbm } from "../raster/netpbm.ts";
import { findLineInk } from "../reader/ink.ts";
import { cutLine } from "../reader/lineImage.ts";
import type { RecognisedWord } from "../reader/readRaster.ts";
import { recognise } from "../reader/recognise.ts";
import { resize } from "../reader/resize.ts";
import type { RecogniserNetwork } from "../reader/sessions.ts";
import { textOf } from "../reader/verify.ts";
import type { OcrModel } from "./models.ts";
import { toBoxSpace } from "./orientation/placement.ts";
import { prepareUpright } from "./orientation/prepareUpright.ts";
import { readUpright } from "./orientation/readUpright.ts";
import type { TsvWord } from "./parseTsv.ts";
import { detectScript, type Tesseract } from "./tesseract.ts";

/** Less sure than this, the script that was seen is often the wrong one. */
const minScriptConfidence = 0.4;
/** Scans of 250 dpi and more are read at 200: as accurate as at 300, and faster (docs/decisions/0004). */
const scanDpi = 200;
const minFineDpi = 250;

export interface TesseractReading {
  /** In reading order, in pixels of the raster. */
  readonly words: readonly RecognisedWord[];
  readonly orientation: Orientation;
  readonly skew: number;
}

export interface TesseractOptions {
  readonly rotate: CorrectionMode;
  /** Reads each word with a digit again; null: there is none, and nobody has checked them. */
  readonly second: RecogniserNetwork | null;
}

/** Reads a page with Tesseract: its ink as one bit a pixel, straight and upright. */
export async function readWithTesseract(
  raster: GreyRaster,
  tesseract: Tesseract,
  model: OcrModel,
  { rotate, second }: TesseractOptions,
): Promise<TesseractReading> {
  const { reduced, scale } = reduce(raster);
  const upright = prepareUpright(reduced, rotate);
  if (!upright) return { words: [], orientation: 0, skew: 0 };
  const { dpi, image, page, straightening, skewDegrees } = upright;
  const recognisePart = (part: typeof image) => tesseract.recognise(encodeNetpbm(part), dpi, model);
  const { words, orientation } =
    rotate === "never"
      ? { words: recognisePart(image), orientation: 0 as const }
      : readUpright(upright, recognisePart);
  const checked: RecognisedWord[] = [];
  for (const word of words) {
    const inPage = toBoxSpace(word.box, page, straightening, orientation);
    const box = {
      x: inPage.x / scale,
      y: inPage.y / scale,
      width: inPage.width / scale,
      height: inPage.height / scale,
    };
    checked.push({ ...word, box, ...(await check({ ...word, box }, raster, orientation, second)) });
  }
  return { words: checked, orientation, skew: skewDegrees };
}

/**
 * The script of a page, as Tesseract names it; null where it cannot tell.
 *
 * @param guess whether its best guess counts, however unsure
 */
export async function scriptOfPage(raster: GreyRaster, guess: boolean): Promise<string | null> {
  const { reduced } = reduce(raster);
  const upright = prepareUpright(reduced, "auto");
  if (!upright) return null;
  const detected = await detectScript(encodeNetpbm(upright.image), upright.dpi).catch(() => null);
  return detected && (guess || detected.confidence >= minScriptConfidence) ? detected.script : null;
}

/** A copy, for what comes after changes it. */
function reduce(raster: GreyRaster): { reduced: GreyRaster; scale: number } {
  if (raster.dpi < minFineDpi) return { reduced: { ...raster, pixels: raster.pixels.slice() }, scale: 1 };
  const scale = scanDpi / raster.dpi;
  return { reduced: { ...resize(raster, scale), dpi: scanDpi }, scale };
}

/** Less sure than this, on Tesseract's scale, a word is often wrong: a third of them on clinical scans. */
const uncertainBelow = 60;
const number = /\d+(?:[.,:/-]+\d+)*/gu;
/** White space that a recogniser wants around a word, as a share of its height. */
const margin = 0.2;

/** Whether a person should check a word: a number that a second recogniser does not read alike, or that none has read. */
async function check(
  { text, confidence, box }: TsvWord,
  raster: GreyRaster,
  orientation: Orientation,
  second: RecogniserNetwork | null,
): Promise<Pick<RecognisedWord, "uncertain" | "alternative">> {
  const numbers = text.match(number);
  if (!numbers) return { uncertain: confidence < uncertainBelow };
  if (!second) return { uncertain: true };
  const across = orientation % 180 === 0;
  const thickness = (across ? box.height : box.width) * (1 + 2 * margin);
  const length = (across ? box.width : box.height) + margin * thickness;
  const image = cutLine(raster, {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    length,
    thickness,
    angle: (-orientation * Math.PI) / 180,
  });
  const { characters } = await recognise(image, findLineInk(image), second);
  const other = textOf(characters);
  const agrees = (other.match(number) ?? []).join(" ") === numbers.join(" ");
  return agrees ? { uncertain: false } : { uncertain: true, ...(other !== "" && { alternative: other }) };
}
