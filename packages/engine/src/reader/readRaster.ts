import type { Box, Orientation, Quality, Word } from "@quire/core";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { type Calibration, checkOf, confidenceOf } from "./confidence.ts";
import { detectLines } from "./detect.ts";
import { findLineInk, type LineInk } from "./ink.ts";
import { joinWrapped } from "./joinWrapped.ts";
import { layOut } from "./layout.ts";
import { cutLine, type LineImage, type TextLine } from "./lineImage.ts";
import { isMark, isNoise, mayBeNumber, needsSecondReading } from "./numbers.ts";
import { findOrientation, type LineCandidate, measureSkew, toLines } from "./orient.ts";
import { placeWord } from "./placeWord.ts";
import { type Character, type LineReading, meanProbability, recognise } from "./recognise.ts";
import { scalePage } from "./scale.ts";
import type { ReaderNetworks } from "./sessions.ts";
import { unifySymbols } from "./symbols.ts";
import { textOf, verify } from "./verify.ts";
import { splitWords } from "./words.ts";

/** A word, and the paragraph it stands in, which the page's text shows as a blank line. */
export interface RecognisedWord extends Word {
  readonly paragraph: number;
}

/** What was read of a page. */
export interface RasterReading {
  /** In reading order, in pixels of the raster. */
  readonly words: readonly RecognisedWord[];
  readonly orientation: Orientation;
  /** By how many degrees lines fall to the right once the page is upright. */
  readonly skewDegrees: number;
  /** The characters as they were read, for calibration: one entry a word. */
  readonly evidence: readonly (readonly Character[])[];
}

export interface ReadRasterOptions {
  readonly quality: Quality;
  /** Whether pages are read upright, whichever way they lie. */
  readonly rotate: boolean;
  /** Whether every word is read by the accurate recogniser: its charset has letters that the fast one's lacks. */
  readonly accurateOnly?: boolean;
}

/** A word with the characters that it was read from. */
interface ReadWord extends Omit<Word, "line" | "block"> {
  readonly evidence: readonly Character[];
}

/** A line that was read, in the direction in which it reads well. */
interface ReadLine {
  readonly line: TextLine;
  readonly words: readonly ReadWord[];
}

/** Reads a page: where its lines are, what they say, a second opinion on what must be right, and in which order. */
export async function readRaster(
  raster: GreyRaster,
  networks: ReaderNetworks,
  calibration: Calibration,
  options: ReadRasterOptions,
): Promise<RasterReading> {
  const rectangles = await detectLines(scalePage(raster), networks.detector);
  const reader = new LineReader(raster, networks, calibration, options);
  const orientation = options.rotate ? await findOrientation(rectangles, (line) => reader.tryLine(line)) : 0;
  const lines: ReadLine[] = [];
  for (const candidate of toLines(rectangles, orientation)) {
    const read = await reader.read(candidate);
    if (read.words.length > 0) lines.push(read);
  }
  const skewDegrees = measureSkew(rectangles);
  const laid = lines.map((line) => inReadingSpace(line, orientation, skewDegrees));
  const placed = layOut(joinWrapped(laid, (first: ReadWord, second: ReadWord) => reader.join(first, second)));
  const words: RecognisedWord[] = [];
  const evidence: (readonly Character[])[] = [];
  for (const { line, row, paragraph, block } of placed) {
    for (const { evidence: characters, ...word } of line.words) {
      words.push({ ...word, line: row, paragraph, block });
      evidence.push(characters);
    }
  }
  return { words, evidence, orientation, skewDegrees };
}

/** Where a line is on the page once that is upright and its lines run straight. */
function inReadingSpace(read: ReadLine, orientation: Orientation, skewDegrees: number) {
  const { line } = read;
  const direction = ((skewDegrees - orientation) * Math.PI) / 180;
  const along = line.x * Math.cos(direction) + line.y * Math.sin(direction);
  const across = line.y * Math.cos(direction) - line.x * Math.sin(direction);
  const turn = line.angle - direction;
  const width = Math.abs(line.length * Math.cos(turn)) + Math.abs(line.thickness * Math.sin(turn));
  const height = Math.abs(line.length * Math.sin(turn)) + Math.abs(line.thickness * Math.cos(turn));
  return {
    words: read.words,
    left: along - width / 2,
    right: along + width / 2,
    top: across - height / 2,
    bottom: across + height / 2,
  };
}

class LineReader {
  readonly #raster: GreyRaster;
  readonly #networks: ReaderNetworks;
  readonly #calibration: Calibration;
  readonly #options: ReadRasterOptions;

  constructor(
    raster: GreyRaster,
    networks: ReaderNetworks,
    calibration: Calibration,
    options: ReadRasterOptions,
  ) {
    this.#raster = raster;
    this.#networks = networks;
    this.#calibration = calibration;
    this.#options = options;
  }

  /** Reads a line for its direction only. @returns the mean probability of its characters */
  async tryLine(line: TextLine): Promise<number> {
    const image = cutLine(this.#raster, line);
    return meanProbability((await recognise(image, findLineInk(image), this.#networks.fast)).characters);
  }

  async read({ line, reversed }: LineCandidate): Promise<ReadLine> {
    const isReversed = reversed !== null && (await this.tryLine(reversed)) > (await this.tryLine(line));
    const image = cutLine(this.#raster, isReversed ? reversed : line);
    const ink = findLineInk(image);
    const { fast, accurate } = this.#networks;
    const { quality, accurateOnly = false } = this.#options;
    const first = await recognise(image, ink, fast);
    const reading = (await this.#isNoise(image, ink, first))
      ? { characters: [], spaces: first.spaces }
      : await verify(image, ink, first, accurate, {
          needsSecondReading: (word) => accurateOnly || needsSecondReading(word, quality),
          preferSecond: accurateOnly,
        });
    const words = splitWords(reading, ink)
      .filter(({ characters }) => !isMark(characters))
      .map(({ characters, columns }) => ({
        ...this.#judge(characters),
        ...placeWord(image, ink, columns, this.#raster),
        evidence: characters,
      }));
    return { line: image.line, words };
  }

  /** Whether a line is no writing. A lone 0 is often as improbable as a stain, so that both recognisers are asked. */
  async #isNoise(image: LineImage, ink: LineInk, first: LineReading): Promise<boolean> {
    if (!isNoise(first.characters)) return false;
    if (!mayBeNumber(first.characters)) return true;
    const second = await recognise(image, ink, this.#networks.accurate);
    return !mayBeNumber(second.characters) || isNoise(second.characters);
  }

  /** One word of two that stand one above the other. */
  join(first: ReadWord, second: ReadWord): ReadWord {
    const evidence = [...first.evidence, ...second.evidence];
    return { ...this.#judge(evidence), box: unionOf(first.box, second.box), evidence };
  }

  /** A word's text, its confidence, and whether a person should check it. */
  #judge(characters: readonly Character[]): Pick<Word, "text" | "confidence" | "uncertain" | "alternative"> {
    const { uncertainNumber, uncertainWord } = this.#calibration;
    const text = unifySymbols(textOf(characters));
    const confidence = confidenceOf(characters, this.#calibration);
    const other = unifySymbols(characters.map(({ text: own, second }) => second?.text ?? own).join(""));
    const differs = checkOf(characters) === "disagreed" && other !== text;
    const isNumber = /\d/u.test(text) || (differs && /\d/u.test(other));
    const uncertain = isNumber ? differs || confidence < uncertainNumber : confidence < uncertainWord;
    return { text, confidence, uncertain, ...(differs && other !== "" && { alternative: other }) };
  }
}

function unionOf(one: Box, other: Box): Box {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}
