import type { PageBlock, PageLine, PixelBox, PlacedWord } from "./pageBlocks.ts";
import { xmlAttributes, xmlText } from "./xmlText.ts";

/** What the TAGREFS of an uncertain word point to: ALTO has no attribute for it. */
export const uncertainTag = {
  ID: "uncertain",
  TYPE: "doubt",
  LABEL: "uncertain",
  DESCRIPTION: "The word should be checked against the page.",
};

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
    const shown = hyphenated && placed === last ? withoutHyphen(placed) : placed;
    return space(words[index - 1], placed) + string(shown, `${place}_${index + 1}`);
  });
  const hyphen = hyphenated ? `<HYP${xmlAttributes({ CONTENT: hyphenated[2] })}/>` : "";
  const attributes = xmlAttributes({ ID: `line_${place}`, ...altoPlace(box) });
  return `<TextLine${attributes}>${written.join("")}${hyphen}</TextLine>\n`;
}

function withoutHyphen({ word, ...placed }: PlacedWord): PlacedWord {
  const { text, alternative, ...rest } = word;
  const strip = (hyphenated: string) => broken.exec(hyphenated)?.[1] ?? hyphenated;
  const stripped = alternative === undefined ? {} : { alternative: strip(alternative) };
  return { ...placed, word: { ...rest, text: strip(text), ...stripped } };
}

function string({ word, box, corners }: PlacedWord, place: string): string {
  const attributes = xmlAttributes({
    ID: `word_${place}`,
    ...altoPlace(box),
    WC: Math.round(word.confidence * 100) / 10_000,
    CONTENT: word.text,
    TAGREFS: word.uncertain ? uncertainTag.ID : undefined,
  });
  const children = shape(corners) + alternative(word.alternative);
  return children === "" ? `<String${attributes}/>` : `<String${attributes}>${children}</String>`;
}

function shape(corners: PlacedWord["corners"]): string {
  if (!corners) return "";
  const points = corners.map(({ x, y }) => `${x},${y}`).join(" ");
  return `<Shape><Polygon${xmlAttributes({ POINTS: points })}/></Shape>`;
}

/**
 * What the other reader read there. ALTO has variants of single characters for that; for a whole word it has
 * ALTERNATIVE only, which is mostly used for spellings: so its purpose is named.
 */
function alternative(text: string | undefined): string {
  if (text === undefined) return "";
  return `<ALTERNATIVE${xmlAttributes({ PURPOSE: "other reading" })}>${xmlText(text)}</ALTERNATIVE>`;
}

/** The blank before a word: its place is known where the words stand side by side. */
function space(before: PlacedWord | undefined, { box }: PlacedWord): string {
  if (!before) return "";
  const { right, top, bottom } = before.box;
  const isBeside = box.left >= right && box.top < bottom && box.bottom > top;
  return `<SP${xmlAttributes(isBeside ? { HPOS: right, VPOS: top, WIDTH: box.left - right } : {})}/>`;
}
