import { columnRegions } from "./columns.ts";
import { type LaidLine, middle } from "./laidLine.ts";
import { maxOffset } from "./mergeLines.ts";

/** A line in its place: the number of its row, which several share, of its paragraph and of its block, from 0. */
export interface PlacedLine<Line extends LaidLine> {
  readonly line: Line;
  readonly row: number;
  readonly paragraph: number;
  readonly block: number;
}

/** Two lines of one row share at least this much of the lower one's height. */
const minSharedHeight = 0.5;
/** White space between rows, in multiples of their height, from which on a new paragraph, and a new block, begins. */
const paragraphGap = 0.7;
const blockGap = 1.8;
/** A row so much higher or lower than the one before is a heading, or follows one. */
const headingRatio = 1.35;

/**
 * Puts the lines of a page into reading order: column by column where the page has columns of text, otherwise row by row,
 * so that a table is read along its rows.
 */
export function layOut<Line extends LaidLine>(lines: readonly Line[]): PlacedLine<Line>[] {
  const placed: PlacedLine<Line>[] = [];
  let row = -1;
  let paragraph = -1;
  let block = -1;
  for (const region of columnRegions(lines)) {
    let before: Row<Line> | null = null;
    for (const next of toRows(region)) {
      const gap = before
        ? (next.top - before.bottom) / Math.min(next.height, before.height)
        : Number.POSITIVE_INFINITY;
      if (gap > blockGap) block++;
      if (gap > paragraphGap || (before && differs(next.height, before.height))) paragraph++;
      row++;
      for (const line of next.lines) placed.push({ line, row, paragraph, block });
      before = next;
    }
  }
  return placed;
}

function differs(one: number, other: number): boolean {
  return Math.max(one, other) > headingRatio * Math.min(one, other);
}

interface Row<Line> {
  readonly lines: Line[];
  readonly top: number;
  readonly bottom: number;
  /** The median height of its lines. */
  readonly height: number;
}

/** Lines side by side, from left to right, as rows from top to bottom. */
export function toRows<Line extends LaidLine>(lines: readonly Line[]): Row<Line>[] {
  const rows: Line[][] = [];
  for (const line of lines.toSorted((one, other) => middle(one) - middle(other))) {
    const row = rows.at(-1);
    if (row?.some((each) => sharesHeight(each, line)) && !row.some((each) => isStacked(each, line)))
      row.push(line);
    else rows.push([line]);
  }
  return rows.map((row) => {
    row.sort((one, other) => one.left - other.left);
    const heights = row.map(({ top, bottom }) => bottom - top).sort((one, other) => one - other);
    const middles = row.map(middle).sort((one, other) => one - other);
    const height = heights[heights.length >> 1] as number;
    const centre = middles[middles.length >> 1] as number;
    return { lines: row, top: centre - height / 2, bottom: centre + height / 2, height };
  });
}

function sharesHeight(one: LaidLine, other: LaidLine): boolean {
  const shared = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return shared >= minSharedHeight * Math.min(one.bottom - one.top, other.bottom - other.top);
}

/** Lines above one another are never in one row, however close they are; parts of one line may overlap a little. */
function isStacked(one: LaidLine, other: LaidLine): boolean {
  const overlap = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom - one.top, other.bottom - other.top);
  return overlap > height / 2 && Math.abs(middle(one) - middle(other)) >= maxOffset * height;
}
