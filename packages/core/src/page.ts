import * as v from "valibot";
import { type ErrorCode, isErrorCode } from "./errors.ts";

/**
 * The vocabulary of a read page, as schemas: the engine reads strangers' files, so what it hands back is
 * validated before the rest of Quire believes it.
 */

/** As many languages as a document may be in. */
const maxLanguages = 10;
const maxLanguageLength = 50;
/** Beyond this a page is not taken for askew, in degrees. */
export const maxSkew = 15;

/** Upper bounds of one page's result. A dense page has about 1,500 words; the rest is damage or an attack. */
const maxWordsPerPage = 50_000;
const maxTextLength = 2_000_000;
const maxWordLength = 10_000;

const pixels = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A rectangle in pixels of the page's box space (see {@link PageResult}), from the top left corner. */
export const BoxSchema = v.object({ x: pixels, y: pixels, width: pixels, height: pixels });

const PointSchema = v.object({ x: pixels, y: pixels });

/**
 * One word: its text, its calibrated confidence (0–100), its box, and its line and block (from 0).
 * `uncertain`: a person should check it against the page: the two readers disagree on a number, only one of them read
 * it, or its confidence is low. `alternative`: what the other reader read there, where they disagree.
 * `polygon`: the four corners of a word that is turned, in page coordinates, clockwise from the corner where the word
 * begins on its upper side; absent where the box says the same.
 * `inTextLayer`: it was recognised, but the file has text of its own in the same place.
 */
export const WordSchema = v.object({
  text: v.pipe(v.string(), v.maxLength(maxWordLength)),
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  uncertain: v.boolean(),
  alternative: v.optional(v.pipe(v.string(), v.maxLength(maxWordLength))),
  box: BoxSchema,
  polygon: v.optional(v.tuple([PointSchema, PointSchema, PointSchema, PointSchema])),
  line: count,
  block: count,
  inTextLayer: v.optional(v.boolean()),
});

/** How thoroughly a page is read: how much of it the second, slower recogniser reads again. */
export const qualities = ["fast", "balanced", "best"] as const;
export type Quality = (typeof qualities)[number];

/**
 * Version of the reader: raised whenever pages come out differently enough to be worth reading again. Results without
 * a reader are of version 1, which was Tesseract alone.
 */
export const readerVersion = 2;

/** What recognised a page: `pp-ocr` (two recognisers that check each other) or `tesseract`, and the models it used. */
export const PageReaderSchema = v.object({
  engine: v.picklist(["pp-ocr", "tesseract"]),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  quality: v.picklist(qualities),
  models: v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(10)),
});
export type PageReader = v.InferOutput<typeof PageReaderSchema>;

/** What became of a page. */
export const pageOutcomes = ["recognized", "text_layer", "blank", "failed"] as const;

/**
 * What a reader of the result should know:
 * `downscaled` (read at less than its own resolution to fit the memory or pixel limit),
 * `low_resolution` (under 150 dpi: expect errors),
 * `text_layer_hidden` (an invisible text layer was there and was not trusted),
 * `text_layer_unusable` (its characters do not map to Unicode),
 * `text_layer_incomplete` (the page shows text that its text layer does not have),
 * `low_confidence` (the recogniser was not sure of most of it: expect errors),
 * `single_reader` (only one recogniser read this page, so that its numbers were not checked),
 * `script_not_covered` (part of the page is in a script, or a language, whose model is not installed: see
 * `missingLanguage`),
 * `fallback_renderer` (PDFium could not read this page; pdf.js did).
 */
export const pageWarnings = [
  "downscaled",
  "low_resolution",
  "text_layer_hidden",
  "text_layer_unusable",
  "text_layer_incomplete",
  "low_confidence",
  "single_reader",
  "script_not_covered",
  "fallback_renderer",
] as const;

const PageErrorSchema = v.object({
  code: v.custom<ErrorCode>(isErrorCode),
  message: v.pipe(v.string(), v.maxLength(2_000)),
});

/**
 * One page, read. `width`, `height` (pixels) and `dpi` describe the box space: the page upright, as it was
 * read. `rotation` is the clockwise turn, in degrees, that the file's own metadata (PDF /Rotate, EXIF, TIFF
 * Orientation) asked for and that has been applied. `meanConfidence` is 0–100, null where nothing was
 * recognised.
 *
 * What is written on the page may lie otherwise than the page. `orientation` is the further clockwise turn, in degrees,
 * that brings it upright, as found by reading it; `skew` is by how many degrees its lines then fall to the right (they
 * rise where it is negative). Boxes are in the box space all the same: the upright rectangle around what is written,
 * after neither has been applied. `languages` are those it was recognised in, none where it was not.
 *
 * `reader` is what recognised it, null where nothing did. `missingLanguage` is the name of the Tesseract model to
 * install for the warning `script_not_covered`.
 */
export const PageResultSchema = v.object({
  pageNumber: v.pipe(v.number(), v.integer(), v.minValue(1)),
  outcome: v.picklist(pageOutcomes),
  text: v.pipe(v.string(), v.maxLength(maxTextLength)),
  words: v.pipe(v.array(WordSchema), v.maxLength(maxWordsPerPage)),
  meanConfidence: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  width: count,
  height: count,
  dpi: v.pipe(v.number(), v.minValue(0)),
  rotation: v.picklist([0, 90, 180, 270]),
  orientation: v.picklist([0, 90, 180, 270]),
  skew: v.pipe(v.number(), v.minValue(-maxSkew), v.maxValue(maxSkew)),
  languages: v.pipe(v.array(v.pipe(v.string(), v.maxLength(maxLanguageLength))), v.maxLength(maxLanguages)),
  reader: v.nullable(PageReaderSchema),
  missingLanguage: v.optional(v.pipe(v.string(), v.maxLength(maxLanguageLength))),
  durationMs: v.pipe(v.number(), v.minValue(0)),
  warnings: v.array(v.picklist(pageWarnings)),
  error: v.nullable(PageErrorSchema),
});

const digit = /\p{Nd}/u;

/** How many of the words are numbers, in one of the readings, that a person should check: an O may be a 0. */
export function countUncertainNumbers(
  words: readonly Pick<Word, "text" | "uncertain" | "alternative">[],
): number {
  return words.filter(({ text, uncertain, alternative = "" }) => uncertain && digit.test(text + alternative))
    .length;
}

export type Box = v.InferOutput<typeof BoxSchema>;
export type Word = v.InferOutput<typeof WordSchema>;
export type PageOutcome = (typeof pageOutcomes)[number];
export type PageWarning = (typeof pageWarnings)[number];
export type PageError = v.InferOutput<typeof PageErrorSchema>;
export type PageResult = v.InferOutput<typeof PageResultSchema>;
/** The clockwise turn, in degrees, that brings what is written on a page upright. */
export type Orientation = PageResult["orientation"];

/** The result of a page that could not be read. */
export function failedPage(pageNumber: number, error: PageError, durationMs = 0): PageResult {
  return {
    pageNumber,
    outcome: "failed",
    text: "",
    words: [],
    meanConfidence: null,
    width: 0,
    height: 0,
    dpi: 0,
    rotation: 0,
    orientation: 0,
    skew: 0,
    languages: [],
    reader: null,
    durationMs,
    warnings: [],
    error,
  };
}
