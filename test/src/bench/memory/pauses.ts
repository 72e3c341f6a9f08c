import { median } from "./percentile.ts";

/** How long documents waited for their next page while an engine was replaced, in seconds. */
export interface RecyclePause {
  /** The longest time without a new page of a document, of those that a replacement fell into. */
  readonly longestSeconds: number;
  /** The longest of those times beyond the usual one of the same document. */
  readonly longestBeyondUsualSeconds: number;
}

/**
 * Looks for what documents noticed of replaced engines.
 *
 * @param pagesOf when each document's pages were saved
 * @param replacedAt when engines were replaced
 * @returns null where no replacement fell between two pages of a document
 */
export function recyclePause(
  pagesOf: readonly (readonly Date[])[],
  replacedAt: readonly Date[],
): RecyclePause | null {
  const touched: { seconds: number; beyond: number }[] = [];
  for (const pages of pagesOf) {
    const gaps = gapsBetween(pages);
    const isTouched = (gap: Gap) => replacedAt.some((at) => at >= gap.from && at <= gap.to);
    // The usual one is a median, so that a replacement or two among many pages does not count.
    const usual = median(gaps.filter((gap) => !isTouched(gap)).map(secondsOf));
    if (usual === undefined) continue;
    for (const gap of gaps.filter(isTouched)) {
      touched.push({ seconds: secondsOf(gap), beyond: Math.max(0, secondsOf(gap) - usual) });
    }
  }
  if (touched.length === 0) return null;
  return {
    longestSeconds: Math.max(...touched.map(({ seconds }) => seconds)),
    longestBeyondUsualSeconds: Math.max(...touched.map(({ beyond }) => beyond)),
  };
}

interface Gap {
  readonly from: Date;
  readonly to: Date;
}

function gapsBetween(times: readonly Date[]): Gap[] {
  const sorted = times.toSorted((a, b) => a.getTime() - b.getTime());
  return sorted.slice(1).map((to, index) => ({ from: sorted[index] as Date, to }));
}

function secondsOf({ from, to }: Gap): number {
  return (to.getTime() - from.getTime()) / 1000;
}
