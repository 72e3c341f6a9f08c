import type { Box } from "@quire/core";

export interface PlacedWord {
  readonly text: string;
  readonly box: Box;
}

/** Intersection over union of two boxes, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

/**
 * How far each word of a page overlaps the one that was read there, as intersection over union. Each word that was
 * read stands for one at most, that with which it overlaps most; what was not read, or is split or joined, has 0.
 *
 * @param sameText whether the texts must be the same too (but for case and compatibility forms)
 */
export function wordOverlaps(
  truth: readonly PlacedWord[],
  read: readonly PlacedWord[],
  { sameText }: { readonly sameText: boolean },
): number[] {
  const texts = [truth, read].map((words) => words.map(({ text }) => text.normalize("NFKC").toLowerCase()));
  const pairs = truth.flatMap(({ box }, index) =>
    read.flatMap((word, other) => {
      if (sameText && texts[0]?.[index] !== texts[1]?.[other]) return [];
      const share = overlap(box, word.box);
      return share > 0 ? [{ index, other, share }] : [];
    }),
  );
  pairs.sort((a, b) => b.share - a.share);
  const overlaps = new Array<number>(truth.length).fill(0);
  const used = new Set<number>();
  for (const { index, other, share } of pairs) {
    if (overlaps[index] !== 0 || used.has(other)) continue;
    overlaps[index] = share;
    used.add(other);
  }
  return overlaps;
}

/** The value that this share of the values is less than or equal to; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
