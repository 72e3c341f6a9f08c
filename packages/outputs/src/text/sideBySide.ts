import type { Row } from "./textRows.ts";

/** Two neighbours of at least so many words each are lines of two columns of running text, not cells. */
const wordsOfRunningText = 4;
/** Two edges are one within this part of a row's height. */
const sameEdgeHeights = 0.4;

/**
 * Whether a page is better given as it looks than as it is read: things stand side by side, such as a table, a form or
 * a letterhead, in two rows at least that agree on where; and they are not mostly columns of running text, which are
 * to be read one after the other.
 */
export function standsSideBySide(rows: readonly Row[]): boolean {
  const parted = rows.filter(({ segments }) => segments.length > 1);
  const columns = parted.filter(({ segments }) => {
    return segments.filter(({ words }) => words >= wordsOfRunningText).length > 1;
  });
  return columns.length <= parted.length / 2 && (agree(parted, "left") || agree(parted, "right"));
}

/** Whether two rows have a segment, not their first, with one edge at the same place: a wide blank is no column. */
function agree(parted: readonly Row[], side: "left" | "right"): boolean {
  const edges = parted
    .flatMap(({ segments, top, bottom }) =>
      segments.slice(1).map((segment) => ({ at: segment[side], within: (bottom - top) * sameEdgeHeights })),
    )
    .sort((a, b) => a.at - b.at);
  return edges.some(
    (edge, index) => edge.at - (edges[index - 1]?.at ?? Number.NEGATIVE_INFINITY) <= edge.within,
  );
}
