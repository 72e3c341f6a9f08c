import { type LaidLine, middle } from "./laidLine.ts";

/** A gutter between columns is at least this wide, in multiples of the usual height of a line. */
const minGutter = 0.8;
/** Each column has at least so many lines. */
const minLines = 3;
/** Lines of prose fill this much of their column, and are so many times as long as high. */
const prose = { filled: 0.55, length: 9 };
/** Lines of a row of a table stand at the same height, within this share of it; lines of two columns mostly do not. */
const alignedShare = 0.1;
/** Where so many of the lines of the shorter column have a partner at the same height, it is a table. */
const maxAligned = 0.5;
/** A page is divided into columns within columns at most so often. */
const maxDepth = 4;

/** Divides lines into regions that are read one after the other: columns, and what runs across them. */
export function columnRegions<Line extends LaidLine>(lines: readonly Line[], depth = 0): (readonly Line[])[] {
  const split = depth < maxDepth ? findColumns(lines) : null;
  if (!split) return lines.length > 0 ? [lines] : [];
  return [split.above, split.left, split.right, split.below].flatMap((part) =>
    columnRegions(part, depth + 1),
  );
}

interface Columns<Line> {
  readonly above: readonly Line[];
  readonly left: readonly Line[];
  readonly right: readonly Line[];
  readonly below: readonly Line[];
}

/** The tallest pair of columns; null where there is none. */
function findColumns<Line extends LaidLine>(lines: readonly Line[]): Columns<Line> | null {
  if (lines.length < 2 * minLines) return null;
  const height = usualHeight(lines);
  let best: { columns: Columns<Line>; extent: number } | null = null;
  for (const gutter of candidateGutters(lines, minGutter * height)) {
    const crossing = lines.filter(({ left, right }) => left < gutter.end && right > gutter.start);
    const others = lines.filter((line) => !crossing.includes(line));
    for (const { top, bottom } of bandsBetween(crossing, lines)) {
      const band = others.filter((line) => middle(line) > top && middle(line) < bottom);
      const left = band.filter((line) => line.right <= gutter.start);
      const right = band.filter((line) => line.left >= gutter.end);
      if (!areColumns(left, right, height)) continue;
      const extent = Math.min(extentOf(left), extentOf(right));
      if (best && extent <= best.extent) continue;
      const first = Math.min(...band.map((line) => line.top));
      const rest = lines.filter((line) => !band.includes(line));
      best = {
        extent,
        columns: {
          above: rest.filter((line) => middle(line) <= first),
          left,
          right,
          below: rest.filter((line) => middle(line) > first),
        },
      };
    }
  }
  return best?.columns ?? null;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Vertical stripes that few lines cross: between the right end of one line and the left end of another. */
function candidateGutters(lines: readonly LaidLine[], minWidth: number): Span[] {
  const ends = lines.map(({ right }) => right).sort((one, other) => one - other);
  const starts = lines.map(({ left }) => left).sort((one, other) => one - other);
  const gutters = new Map<number, Span>();
  for (const start of starts) {
    // The gutter before a column begins where the longest line ends that ends before it.
    const end = ends.findLast((each) => each <= start - minWidth);
    const key = Math.round(start / minWidth);
    if (end !== undefined && !gutters.has(key)) gutters.set(key, { start: start - minWidth, end: start });
  }
  return [...gutters.values()];
}

/** Where nothing crosses: between the lines that do, above and below them. */
function bandsBetween(
  crossing: readonly LaidLine[],
  all: readonly LaidLine[],
): { top: number; bottom: number }[] {
  const edges = crossing.toSorted((one, other) => one.top - other.top);
  const bands: { top: number; bottom: number }[] = [];
  let top = Math.min(...all.map((line) => line.top)) - 1;
  for (const line of edges) {
    if (line.top > top) bands.push({ top, bottom: middle(line) });
    top = Math.max(top, middle(line));
  }
  bands.push({ top, bottom: Math.max(...all.map((line) => line.bottom)) + 1 });
  return bands;
}

function areColumns(left: readonly LaidLine[], right: readonly LaidLine[], height: number): boolean {
  if (left.length < minLines || right.length < minLines) return false;
  if (isProse(left, height) && isProse(right, height)) return true;
  const [shorter, longer] = left.length <= right.length ? [left, right] : [right, left];
  const aligned = shorter.filter((line) =>
    longer.some((other) => Math.abs(middle(line) - middle(other)) < alignedShare * height),
  );
  return aligned.length < maxAligned * shorter.length;
}

function isProse(column: readonly LaidLine[], height: number): boolean {
  const width = Math.max(...column.map(({ right }) => right)) - Math.min(...column.map(({ left }) => left));
  const long = column.filter(
    ({ left, right }) => right - left >= prose.filled * width && right - left >= prose.length * height,
  );
  return long.length >= column.length * 0.6;
}

function usualHeight(lines: readonly LaidLine[]): number {
  const heights = lines.map(({ top, bottom }) => bottom - top).sort((one, other) => one - other);
  return heights[heights.length >> 1] as number;
}

function extentOf(lines: readonly LaidLine[]): number {
  return Math.max(...lines.map(({ bottom }) => bottom)) - Math.min(...lines.map(({ top }) => top));
}
