/** How long documents waited for their next page while an engine was replaced, and at other times. In seconds. */
export interface RecyclePause {
  readonly longestSeconds: number;
  /** Null where there was no other time. */
  readonly longestElsewhereSeconds: number | null;
}

/**
 * Looks for what documents noticed of replaced engines: the time between two of their pages into which a replacement
 * fell, and the one after, as the pages under way may be finished first.
 *
 * @param pagesOf when each document's pages were saved
 * @param replacedAt when engines were replaced
 * @returns null where no replacement fell between two pages of a document
 */
export function recyclePause(
  pagesOf: readonly (readonly Date[])[],
  replacedAt: readonly Date[],
): RecyclePause | null {
  const touched: number[] = [];
  const elsewhere: number[] = [];
  for (const pages of pagesOf) {
    const gaps = gapsBetween(pages);
    const isIn = (gap: Gap | undefined) =>
      gap !== undefined && replacedAt.some((at) => at >= gap.from && at <= gap.to);
    for (const [index, gap] of gaps.entries()) {
      const seconds = (gap.to.getTime() - gap.from.getTime()) / 1000;
      (isIn(gap) || isIn(gaps[index - 1]) ? touched : elsewhere).push(seconds);
    }
  }
  if (touched.length === 0) return null;
  return { longestSeconds: longest(touched) ?? 0, longestElsewhereSeconds: longest(elsewhere) };
}

interface Gap {
  readonly from: Date;
  readonly to: Date;
}

function gapsBetween(times: readonly Date[]): Gap[] {
  const sorted = times.toSorted((a, b) => a.getTime() - b.getTime());
  return sorted.slice(1).map((to, index) => ({ from: sorted[index] as Date, to }));
}

/** Not by spreading: there may be more of them than a call takes arguments. */
function longest(seconds: readonly number[]): number | null {
  return seconds.reduce<number | null>((most, one) => Math.max(most ?? 0, one), null);
}
