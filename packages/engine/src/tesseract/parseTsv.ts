import type { Box, Word } from "@quire/core";

/** Tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
const wordLevel = "5";

/**
 * Under this confidence a word without a letter or digit is a speck or a piece of a ruling line: on 142 scanned
 * pages four in five were (docs/decisions/0004).
 */
const minMarkConfidence = 30;
/**
 * Where a box reaches into the next word's it is the one that is too long: 9 of 5,785 words of scans and faxes were, by
 * up to half of their box. Where the next begins before this share of it, neither can be told to be right.
 */
const minOwnShare = 1 / 3;
const letterOrDigit = /[\p{L}\p{N}]/u;

/** A word as Tesseract gives it, and the paragraph it stands in. Its confidence is on Tesseract's own scale, 0–100. */
export interface TsvWord extends Pick<Word, "text" | "confidence" | "box" | "line" | "block"> {
  readonly paragraph: number;
}

/**
 * Reads Tesseract's TSV output (`TessBaseAPI::GetTSVText`): boxes are in pixels of the recognised image, and end where
 * the next word's begins. Specks are left out.
 */
export function parseTsv(tsv: string): TsvWord[] {
  const words: TsvWord[] = [];
  let paragraph = -1;
  let line = -1;
  let paragraphKey = "";
  let lineKey = "";
  for (const row of tsv.split("\n")) {
    const fields = row.split("\t");
    if (fields[0] !== wordLevel || fields.length < 12) continue;
    const text = fields.slice(11).join(" ").trim();
    const [x = 0, y = 0, width = 0, height = 0, confidence = 0] = fields.slice(6, 11).map(Number);
    if (text === "" || (confidence < minMarkConfidence && !letterOrDigit.test(text))) continue;

    const key = `${fields[2]}.${fields[3]}`;
    if (key !== paragraphKey) {
      paragraphKey = key;
      paragraph++;
    }
    if (`${key}.${fields[4]}` !== lineKey) {
      lineKey = `${key}.${fields[4]}`;
      line++;
    }
    words.push({
      text,
      confidence: Math.min(100, Math.max(0, confidence)),
      box: { x, y, width, height },
      line,
      block: Number(fields[2]) - 1,
      paragraph,
    });
  }
  return words.map((word, index) => {
    const next = words[index + 1];
    return next?.line === word.line ? { ...word, box: endingBefore(next.box, word.box) } : word;
  });
}

function endingBefore(next: Box, box: Box): Box {
  const sideBySide = next.y < box.y + box.height && box.y < next.y + next.height;
  const width = next.x - box.x;
  return sideBySide && width < box.width && width >= minOwnShare * box.width ? { ...box, width } : box;
}
