import type { PageResult } from "@quire/core";
import type { FormatPages } from "./formatPages.ts";
import { pageLanguage } from "./languageTag.ts";
import { type PageBlock, type PageLine, type PixelBox, type PlacedWord, pageBlocks } from "./pageBlocks.ts";
import { softwareName, softwareVersion } from "./software.ts";
import { xmlAttributes, xmlText } from "./xmlText.ts";

/** All that may stand in our files, which the specification wants said whether it does or not ("Capabilities"). */
const capabilities = "ocr_page ocr_carea ocr_line ocrx_word ocrp_wconf ocrp_lang";

/** These say where the writing direction changes; hOCR wants that said by tags ("Inline Representations"). */
const directionMarks = /[\u200E\u200F]/g;

/** hOCR 1.2 in HTML that is XML as well: a page, its blocks, their lines and words, with their places in pixels. */
export const formatHocr: FormatPages = async function* ({ name }, pages) {
  const system = `${softwareName} ${softwareVersion()}`;
  yield `<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="und" xml:lang="und">
<head>
<meta charset="utf-8"/>
<title>${xmlText(name)}</title>
<meta name="ocr-system"${xmlAttributes({ content: system })}/>
<meta name="ocr-capabilities" content="${capabilities}"/>
</head>
<body>
`;
  for await (const page of pages) yield hocrPage(name, page);
  yield "</body>\n</html>\n";
};

function hocrPage(name: string, page: PageResult): string {
  const { pageNumber, width, height, dpi } = page;
  const language = pageLanguage(page);
  const title = [
    `image ${quoted(name)}`,
    `bbox 0 0 ${width} ${height}`,
    `ppageno ${pageNumber - 1}`,
    ...(dpi > 0 ? [`scan_res ${Math.round(dpi)} ${Math.round(dpi)}`] : []),
    ...readerProperties(page),
  ].join("; ");
  const attributes = { id: `page_${pageNumber}`, title, lang: language, "xml:lang": language };
  const blocks = pageBlocks(page).map((block, index) => hocrBlock(page, block, `${pageNumber}_${index + 1}`));
  return `<div class="ocr_page"${xmlAttributes(attributes)}>\n${blocks.join("")}</div>\n`;
}

function hocrBlock(page: PageResult, { lines, box }: PageBlock, place: string): string {
  const attributes = xmlAttributes({ id: `block_${place}`, title: bbox(box) });
  const written = lines.map((line, index) => hocrLine(page, line, `${place}_${index + 1}`));
  return `<div class="ocr_carea"${attributes}>\n${written.join("")}</div>\n`;
}

function hocrLine(page: PageResult, { words, box }: PageLine, place: string): string {
  const title = [bbox(box), ...lean(page, box)].join("; ");
  const written = words.map((placed, index) => hocrWord(placed, `${place}_${index + 1}`));
  const attributes = xmlAttributes({ id: `line_${place}`, title });
  return `<span class="ocr_line"${attributes}>${written.join(" ")}</span><br/>\n`;
}

/**
 * The other reader's reading is a property and not a `del` beside an `ins`, as hOCR has it for alternatives: programs
 * that take the text of a word would take both readings of a number for one.
 */
function hocrWord({ word, box }: PlacedWord, place: string): string {
  const { text, confidence, uncertain, alternative } = word;
  const title = [
    bbox(box),
    `x_wconf ${Math.round(confidence)}`,
    `x_uncertain ${uncertain ? 1 : 0}`,
    ...(alternative === undefined ? [] : [`x_alternative ${quoted(withoutDirections(alternative))}`]),
  ].join("; ");
  const attributes = xmlAttributes({ id: `word_${place}`, title });
  return `<span class="ocrx_word"${attributes}>${xmlText(withoutDirections(text))}</span>`;
}

/** What recognised the page: hOCR has one `ocr-system` for a file, but its pages may have been read differently. */
function readerProperties({ reader }: PageResult): string[] {
  if (!reader) return [];
  const { engine, version, quality, models } = reader;
  return [
    `x_reader ${quoted(`${engine} ${version}`)}`,
    `x_quality ${quality}`,
    ...(models.length > 0 ? [`x_models ${models.map(quoted).join(" ")}`] : []),
  ];
}

function bbox({ left, top, right, bottom }: PixelBox): string {
  return `bbox ${left} ${top} ${right} ${bottom}`;
}

/**
 * How a line lies. On its side: `textangle`, in degrees counter-clockwise. Merely askew: `baseline`, its slope (y
 * falls) and where it meets the left edge, counted from the bottom; we take the line's lower edge for it.
 */
function lean({ orientation, skew }: PageResult, { left, right }: PixelBox): string[] {
  if (orientation !== 0) return [`textangle ${round((orientation - skew + 360) % 360)}`];
  if (skew === 0) return [];
  const slope = Math.tan((skew * Math.PI) / 180);
  return [`baseline ${round(slope)} ${Math.round(Math.min(0, -slope * (right - left)))}`];
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function withoutDirections(text: string): string {
  return text.replace(directionMarks, "");
}

/**
 * A string as the value of a property. What would end it or look like a path of another system is percent-encoded, and
 * so is a percent sign that would be taken for the beginning of that.
 */
function quoted(text: string): string {
  return `"${text.replace(/["\\;]|%(?=[0-9a-f]{2})/gi, encodeURIComponent)}"`;
}
