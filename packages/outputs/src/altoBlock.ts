import type { PageBlock, PageLine, PixelBox, PlacedWord } from "./pageBlocks.ts";
import { xmlAttributes } from "./xmlText.ts";

/** A word that was broken at the end of its line, and the hyphen; the next line goes on in small letters. */
const broken = /^(.*\p{L})([-\u2010\u00AD])$/u;
const goesOn = /^\p{Ll}/u;

/** Where something stands, as ALTO says it. */
export function altoPlace({ left, top, right, bottom }: PixelBox) {
  return { HPOS: left, VPOS: top, WIDTH: right - left, HEIGHT: bottom - top };
}

/** One TextBlock. @param place makes its IDs unique @param rotation of what is written, degrees counter-clockwise */
export function altoBlock({ lines, box }: PageBlock, place: string, rotation: number): string {
  const written = lines.map((line, index) => altoLine(line, lines[index + 1], `${place}_${index + 1}`));
  const attributes = { ID: `block_${place}`, ...altoPlace(box), ROTATION: rotation || undefined };
  return `<TextBlock${xmlAttributes(attributes)}>\n${written.join("")}</TextBlock>\n`;
}

function altoLine({ words, box }: PageLine, next: PageLine | undefined, place: string): string {
  const last = words.at(-1);
  const hyphenated = last && goesOn.test(next?.words[0]?.word.text ?? "") && broken.exec(last.word.text);
  const written = words.map((placed, index) => {
    const isBroken = hyphenated && placed === last;
    const text = isBroken ? (hyphenated[1] ?? "") : placed.word.text;
    return space(words[index - 1], placed) + string(placed, text, `${place}_${index + 1}`);
  });
  const hyphen = hyphenated ? `<HYP${xmlAttributes({ CONTENT: hyphenated[2] })}/>` : "";
  const attributes = xmlAttributes({ ID: `line_${place}`, ...altoPlace(box) });
  return `<TextLine${attributes}>${written.join("")}${hyphen}</TextLine>\n`;
}

function string({ word, box }: PlacedWord, text: string, place: string): string {
  const confidence = Math.round(word.confidence * 100) / 10_000;
  return `<String${xmlAttributes({ ID: `word_${place}`, ...altoPlace(box), WC: confidence, CONTENT: text })}/>`;
}

/** The blank before a word: its place is known where the words stand side by side. */
function space(before: PlacedWord | undefined, { box }: PlacedWord): string {
  if (!before) return "";
  const { right, top, bottom } = before.box;
  const isBeside = box.left >= right && box.top < bottom && box.bottom > top;
  return `<SP${xmlAttributes(isBeside ? { HPOS: right, VPOS: top, WIDTH: box.left - right } : {})}/>`;
}
