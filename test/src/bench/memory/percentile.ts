/**
 * The smallest value that so large a share of the values does not exceed (nearest rank); undefined of none.
 *
 * @param share from 0 to 1
 */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
