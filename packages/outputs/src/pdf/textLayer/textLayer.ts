import type { PageResult, Word } from "@quire/core";
import type { CharacterCodes } from "../font/characterCodes.ts";
import { advanceShare } from "../font/glyphlessFont.ts";
import { hex } from "../font/toUnicode.ts";
import { type Matrix, mapPoint, mapVector } from "./matrix.ts";
import { type PlacedWord, placeLine } from "./placedLine.ts";

/** What a text layer is made of. */
export interface TextLayerPage {
  readonly page: Pick<PageResult, "words" | "width" | "height" | "orientation" | "skew">;
  /** From box space, in pixels, to the user space of the PDF's page, in its units. */
  readonly toUserSpace: Matrix;
  /** What the page's resources call the font. */
  readonly fontName: string;
  readonly codes: CharacterCodes;
}

/** Digits after the point: a thousandth of a point. */
const decimals = 3;
const percent = 100;
const blank = " ";

/**
 * The content stream that writes a page's words where they stand, invisibly (text rendering mode 3). Each word is as
 * wide as its box, and is followed by a blank as wide as what lies between it and the next one of its line.
 */
export function textLayer({ page, toUserSpace, fontName, codes }: TextLayerPage): Buffer {
  const radians = ((page.skew - page.orientation) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const [alongX, alongY] = mapVector(toUserSpace, cos, sin);
  const [upX, upY] = mapVector(toUserSpace, sin, -cos);
  const [alongScale, upScale] = [Math.hypot(alongX, alongY), Math.hypot(upX, upY)];
  const direction = [alongX / alongScale, alongY / alongScale, upX / upScale, upY / upScale]
    .map(fixed)
    .join(" ");

  const operators = ["q", "BT", "3 Tr"];
  let lastSize = "";
  const write = (word: PlacedWord) => {
    const size = word.height * upScale;
    const [x, y] = mapPoint(
      toUserSpace,
      word.along * cos - word.below * sin,
      word.along * sin + word.below * cos,
    );
    const font = `/${fontName} ${fixed(size)} Tf`;
    if (font !== lastSize) operators.push(font);
    lastSize = font;
    operators.push(`${direction} ${fixed(x)} ${fixed(y)} Tm`);
    const show = (text: string, width: number) => {
      const written = codes.encode(text);
      const stretch = (percent * width * alongScale) / (written.length * advanceShare * size);
      operators.push(`${fixed(stretch)} Tz <${written.map(hex).join("")}> Tj`);
    };
    show(word.text, word.width);
    if (word.gap !== null) show(blank, word.gap);
  };
  for (const line of linesOf(page.words)) placeLine(page, line).forEach(write);
  operators.push("ET", "Q", "");
  return Buffer.from(operators.join("\n"), "latin1");
}

/** The words of each line, in reading order. */
function* linesOf(words: readonly Word[]): Generator<Word[]> {
  let line: Word[] = [];
  for (const word of words) {
    if (word.text === "") continue;
    const last = line[0];
    if (last && (last.line !== word.line || last.block !== word.block)) {
      yield line;
      line = [];
    }
    line.push(word);
  }
  if (line.length > 0) yield line;
}

/** A number as PDF has it: without an exponent. */
function fixed(value: number): string {
  return String(Number(value.toFixed(decimals)));
}
