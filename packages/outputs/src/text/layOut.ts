import { median, type Row, type Segment, widthOfCharacter } from "./textRows.ts";

/** Blanks at least between two segments, so that one sees that they are two. */
const leastGap = 2;
/** Left edges closer than this, in characters, are one. */
const sameEdge = 0.7;
/** No page is laid out wider, in characters: small print on a large sheet has 300. */
const widest = 400;
/** No page's text is longer: as in core's schema of a page. */
const longest = 2_000_000;
/** A gap between two rows above this, in heights of a row, is a blank line. */
const blankLineGap = 0.9;

/**
 * Rows on a grid of characters: what begins at one place begins at one column, however long what stands to the left
 * of it is. Null where it would be too long: nobody wrote such a page.
 */
export function layOut(rows: readonly Row[]): string | null {
  const segments = rows.flatMap((row) => row.segments);
  const columns = columnsOf(rows, segments);
  const rowHeight = median(rows.map(({ top, bottom }) => bottom - top));
  let text = "";
  let last: Row | undefined;
  for (const row of rows) {
    if (last) text += row.top - last.bottom > blankLineGap * rowHeight ? "\n\n" : "\n";
    let line = "";
    for (const segment of row.segments) {
      const column = columns.get(segment) ?? 0;
      line = line.padEnd(line === "" ? column : Math.max(column, line.length + leastGap)) + segment.text;
    }
    text += line;
    if (text.length > longest) return null;
    last = row;
  }
  return text;
}

/** At which column each segment begins: where it stands on the page, or further right where there is no room. */
function columnsOf(rows: readonly Row[], segments: readonly Segment[]): Map<Segment, number> {
  const before = new Map<Segment, Segment>();
  for (const row of rows) {
    row.segments.forEach((segment, index) => {
      const left = row.segments[index - 1];
      if (left) before.set(segment, left);
    });
  }
  const left = Math.min(...segments.map((segment) => segment.left));
  const right = Math.max(...segments.map((segment) => segment.right));
  const characterWidth = Math.max(1, median(segments.map(widthOfCharacter)), (right - left) / widest);

  const columns = new Map<Segment, number>();
  // What has been pushed to the right so far pushes all that stands further right, so that columns stay columns.
  let push = 0;
  for (const edge of edgesOf(segments, characterWidth * sameEdge)) {
    const place = Math.round(((edge[0]?.left ?? left) - left) / characterWidth);
    for (const segment of edge) {
      const neighbour = before.get(segment);
      if (!neighbour) continue;
      const free = (columns.get(neighbour) ?? 0) + neighbour.text.length + leastGap;
      push = Math.max(push, free - place);
    }
    for (const segment of edge) columns.set(segment, Math.min(place + push, widest));
  }
  return columns;
}

/** Segments by where they begin, from the left to the right. */
function edgesOf(segments: readonly Segment[], within: number): Segment[][] {
  const edges: Segment[][] = [];
  for (const segment of segments.toSorted((a, b) => a.left - b.left)) {
    const edge = edges.at(-1);
    if (edge?.[0] && segment.left - edge[0].left <= within) edge.push(segment);
    else edges.push([segment]);
  }
  return edges;
}
