import type { PageGeometry, PageResult } from "@quire/core";
import type { CharacterCodes } from "../font/characterCodes.ts";
import { advanceShare } from "../font/glyphlessFont.ts";
import { hex } from "../font/toUnicode.ts";
import { linesOf } from "./lines.ts";
import { fromReadingSpace, type Matrix, mapPoint, mapVector, then } from "./matrix.ts";
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
  const operators = ["q", "BT", "3 Tr"];
  let lastFont = "";
  const write = (word: PlacedWord, { toPage, direction, alongScale, upScale }: Frame) => {
    const size = word.height * upScale;
    const [x, y] = mapPoint(toPage, word.left, word.foot);
    const font = `/${fontName} ${fixed(size)} Tf`;
    if (font !== lastFont) operators.push(font);
    lastFont = font;
    operators.push(`${direction} ${fixed(x)} ${fixed(y)} Tm`);
    const show = (text: string, width: number) => {
      const written = codes.encode(text);
      const stretch = (percent * width * alongScale) / (written.length * advanceShare * size);
      operators.push(`${fixed(stretch)} Tz <${written.map(hex).join("")}> Tj`);
    };
    show(word.text, word.width);
    show(blank, word.gap);
  };
  for (const { geometry, words } of linesOf(page)) {
    const frame = frameOf(geometry, toUserSpace);
    for (const word of placeLine(geometry, words)) write(word, frame);
  }
  operators.push("ET", "Q", "");
  return Buffer.from(operators.join("\n"), "latin1");
}

/** A reading space within the PDF's page: how to get there, and how long a pixel is along the writing and across it. */
interface Frame {
  readonly toPage: Matrix;
  /** Which way the writing runs, and which way is up for it, as a text matrix begins. */
  readonly direction: string;
  readonly alongScale: number;
  readonly upScale: number;
}

function frameOf(geometry: PageGeometry, toUserSpace: Matrix): Frame {
  const toPage = then(fromReadingSpace(geometry), toUserSpace);
  const [alongX, alongY] = mapVector(toPage, 1, 0);
  const [upX, upY] = mapVector(toPage, 0, -1);
  const [alongScale, upScale] = [Math.hypot(alongX, alongY), Math.hypot(upX, upY)];
  const direction = [alongX / alongScale, alongY / alongScale, upX / upScale, upY / upScale];
  return { toPage, direction: direction.map(fixed).join(" "), alongScale, upScale };
}

/** A number as PDF has it: without an exponent. */
function fixed(value: number): string {
  return String(Number(value.toFixed(decimals)));
}
