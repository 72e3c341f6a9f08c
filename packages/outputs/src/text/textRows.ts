import { type PageGeometry, type PageResult, type Word, wordRectangle } from "@quire/core";
import { markedWord } from "./markUncertain.ts";

/** Words that follow each other with a blank between them, and where they stand in the page's rows, in pixels. */
export interface Segment {
  /** With the marks of uncertain words, if they are asked for. */
  readonly text: string;
  /** How many characters of the text stand on the page: all but the marks. */
  readonly printedCharacters: number;
  readonly words: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What stands at one height, from the left to the right. */
export interface Row {
  readonly segments: readonly Segment[];
  readonly top: number;
  readonly bottom: number;
}

/**
 * A gap parts two segments where it is wider than both: in heights of the line, of which a blank between words is a
 * quarter to a half; and in widths of its characters, of which a typewriter's blank is a little more than one.
 */
const partingGap = { heights: 0.9, characters: 2 };
/** Of the lower of two, this part is beside the other where both stand in one row. */
const leastBeside = 0.5;
/** Rows that a segment is compared with, nearest first: more than stand at one height on any page people write. */
const rowsCompared = 16;
/** As many segments as a row may have: a table of a hundred columns is not read as text. */
const widestRow = 100;

/** The rows of a page as it looks when it is turned upright and straightened. */
export function textRows(page: PageResult, markUncertain = false): Row[] {
  const segments = linesOf(page, markUncertain).flatMap(segmentsOf);
  segments.sort((a, b) => a.top + a.bottom - (b.top + b.bottom));
  const rows: Segment[][] = [];
  for (const segment of segments) {
    const row = rows.slice(-rowsCompared).findLast((candidate) => isBeside(candidate, segment));
    if (row) row.push(segment);
    else rows.push([segment]);
  }
  return rows.map((row) => ({
    segments: row.toSorted((a, b) => a.left - b.left),
    top: Math.min(...row.map(({ top }) => top)),
    bottom: Math.max(...row.map(({ bottom }) => bottom)),
  }));
}

/** The words of each line, upright and straight, from the left to the right. */
function linesOf(page: PageResult, markUncertain: boolean): Segment[][] {
  const lines = new Map<number, Segment[]>();
  for (const word of page.words) {
    const segment = straightened(page, word, markUncertain);
    const line = lines.get(word.line);
    if (line) line.push(segment);
    else lines.set(word.line, [segment]);
  }
  return [...lines.values()].map((line) => line.sort((a, b) => a.left - b.left));
}

function straightened(page: PageGeometry, word: Word, markUncertain: boolean): Segment {
  const { centreX, centreY, width, height, angleDegrees } = wordRectangle(page, word);
  const angle = (angleDegrees * Math.PI) / 180;
  const x = centreX * Math.cos(angle) + centreY * Math.sin(angle);
  const y = centreY * Math.cos(angle) - centreX * Math.sin(angle);
  const text = word.text.replace(/\s+/gu, " ").trim();
  return {
    text: markUncertain ? markedWord({ ...word, text }) : text,
    printedCharacters: text.length,
    words: 1,
    left: x - width / 2,
    right: x + width / 2,
    top: y - height / 2,
    bottom: y + height / 2,
  };
}

function segmentsOf(line: readonly Segment[]): Segment[] {
  const height = median(line.map(({ top, bottom }) => bottom - top));
  const characters = median(line.map(widthOfCharacter));
  const widest = Math.max(partingGap.heights * height, partingGap.characters * characters);
  const segments: Segment[] = [];
  for (const word of line) {
    const last = segments.at(-1);
    if (last && word.left - last.right < widest) segments[segments.length - 1] = joined(last, word);
    else segments.push(word);
  }
  return segments;
}

function joined(a: Segment, b: Segment): Segment {
  return {
    text: `${a.text} ${b.text}`,
    printedCharacters: a.printedCharacters + 1 + b.printedCharacters,
    words: a.words + b.words,
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Whether a segment stands in a row: beside its neighbour there, and over nobody's place. */
function isBeside(row: readonly Segment[], segment: Segment): boolean {
  if (row.length >= widestRow) return false;
  let nearest: Segment | undefined;
  let nearestGap = Number.POSITIVE_INFINITY;
  for (const other of row) {
    const gap = Math.max(other.left - segment.right, segment.left - other.right);
    if (gap < 0) return false;
    if (gap < nearestGap) [nearest, nearestGap] = [other, gap];
  }
  if (!nearest) return false;
  const beside = Math.min(nearest.bottom, segment.bottom) - Math.max(nearest.top, segment.top);
  const lower = Math.min(nearest.bottom - nearest.top, segment.bottom - segment.top);
  return beside >= leastBeside * lower;
}

/** In pixels, of what is written in it. */
export function widthOfCharacter({ left, right, printedCharacters }: Segment): number {
  return (right - left) / Math.max(1, printedCharacters);
}

/** The middle value; 0 of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
