import type { Box, Word } from "@quire/core";
import type { Columns, LineInk } from "./ink.ts";
import { type LineImage, lineHeight, onPage } from "./lineImage.ts";

/** From so many degrees on, a word's own four corners say more than the upright rectangle around them. */
const minTurnDegrees = 1;
/** Rows between a letter's body and its dot or accent, in pixels of the line image. */
const maxAccentGap = 7;
/** Corners are given to a tenth of a pixel. */
const precision = 10;

/** Where a word is on the page: its upright rectangle, and its corners where it is turned. */
export function placeWord(
  { line, width }: LineImage,
  ink: LineInk,
  columns: Columns,
  page: { readonly width: number; readonly height: number },
): Pick<Word, "box" | "polygon"> {
  const step = line.thickness / lineHeight;
  const rows = inkRows(ink, columns, width);
  const at = (column: number, row: number) => rounded(clamped(onPage(line, step, column, row), page));
  const polygon: NonNullable<Word["polygon"]> = [
    at(columns.start, rows.start),
    at(columns.end, rows.start),
    at(columns.end, rows.end),
    at(columns.start, rows.end),
  ];
  const box = around(polygon);
  return isTurned(line.angle) ? { box, polygon } : { box };
}

function isTurned(angle: number): boolean {
  const degrees = (angle * 180) / Math.PI;
  return Math.abs(degrees - Math.round(degrees / 90) * 90) >= minTurnDegrees;
}

/** The rows of a word's ink: those of most of it, and others close by; rows of neighbouring lines are further off. */
function inkRows({ pixels }: LineInk, { start, end }: Columns, width: number): Columns {
  const counts = new Uint16Array(lineHeight);
  for (let row = 0; row < lineHeight; row++) {
    for (let column = start; column < end; column++)
      counts[row] = (counts[row] as number) + (pixels[row * width + column] ?? 0);
  }
  const runs: (Columns & { readonly ink: number })[] = [];
  for (let row = 0; row < lineHeight; row++) {
    if (counts[row] === 0) continue;
    let to = row;
    let sum = 0;
    while (to < lineHeight && (counts[to] as number) > 0) sum += counts[to++] as number;
    runs.push({ start: row, end: to, ink: sum });
    row = to;
  }
  if (runs.length === 0) return { start: 0, end: lineHeight };
  let main = runs.reduce((one, other) => (other.ink > one.ink ? other : one));
  for (let changed = true; changed; ) {
    changed = false;
    for (const run of runs) {
      const gap = Math.max(main.start - run.end, run.start - main.end);
      // What touches the edge of the line image across a gap belongs to the line above or below.
      if (gap < 0 || gap > maxAccentGap || run.start === 0 || run.end === lineHeight) continue;
      main = {
        start: Math.min(main.start, run.start),
        end: Math.max(main.end, run.end),
        ink: main.ink + run.ink,
      };
      changed = true;
    }
  }
  return main;
}

type Point = { x: number; y: number };

function clamped({ x, y }: Point, { width, height }: { width: number; height: number }): Point {
  return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) };
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x * precision) / precision, y: Math.round(y * precision) / precision };
}

function around(points: readonly Point[]): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const size = rounded({ x: Math.max(...xs) - x, y: Math.max(...ys) - y });
  return { x, y, width: size.x, height: size.y };
}
