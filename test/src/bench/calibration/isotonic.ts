/** A curve that never falls: `values[i]` at `scores[i]`, straight in between, flat outside. Scores rise. */
export interface IsotonicModel {
  readonly scores: readonly number[];
  readonly values: readonly number[];
}

interface Pool {
  sum: number;
  count: number;
  scoreSum: number;
}

/**
 * Fits the non-decreasing curve with the least squared error (pool adjacent violators: M. Ayer et al., "An empirical
 * distribution function for sampling with incomplete information", 1955). A pool stands at the mean of its scores.
 */
export function fitIsotonic(scores: readonly number[], labels: readonly boolean[]): IsotonicModel {
  const pools: Pool[] = [];
  const groups = Map.groupBy(scores.keys(), (index) => scores[index] as number);
  for (const [score, indices] of [...groups].sort(([a], [b]) => a - b)) {
    const count = indices.length;
    const sum = indices.filter((index) => labels[index]).length;
    pools.push({ sum, count, scoreSum: score * count });
    for (;;) {
      const [before, last] = pools.slice(-2);
      if (!before || !last || before.sum / before.count <= last.sum / last.count) break;
      pools.splice(-2, 2, {
        sum: before.sum + last.sum,
        count: before.count + last.count,
        scoreSum: before.scoreSum + last.scoreSum,
      });
    }
  }
  return {
    scores: pools.map(({ scoreSum, count }) => scoreSum / count),
    values: pools.map(({ sum, count }) => sum / count),
  };
}

export function predictIsotonic({ scores, values }: IsotonicModel, score: number): number {
  const above = scores.findIndex((other) => other >= score);
  if (above < 0) return values.at(-1) ?? Number.NaN;
  if (above === 0) return values[0] as number;
  const [left, right] = [scores[above - 1] as number, scores[above] as number];
  const [low, high] = [values[above - 1] as number, values[above] as number];
  return low + ((high - low) * (score - left)) / (right - left);
}
