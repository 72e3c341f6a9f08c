/** 95 % of a normal distribution lie within so many standard deviations. */
const deviations = 1.959964;

/**
 * The 95 % interval of a share: Wilson's, which holds for small counts too (E. B. Wilson, "Probable inference", J. Am.
 * Stat. Assoc. 22, 1927). It takes each case for independent of the others, which numbers of one page are not quite.
 */
export function shareInterval(count: number, total: number): readonly [low: number, high: number] {
  if (total === 0) return [0, 1];
  const share = count / total;
  const square = deviations ** 2;
  const middle = (share + square / (2 * total)) / (1 + square / total);
  const half =
    (deviations * Math.sqrt((share * (1 - share)) / total + square / (4 * total ** 2))) /
    (1 + square / total);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
