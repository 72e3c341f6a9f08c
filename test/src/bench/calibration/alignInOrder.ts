/**
 * A longest common subsequence of two texts' words.
 *
 * @returns for each word that was read the index of the truth's word, or null
 */
export function alignInOrder(truth: readonly string[], read: readonly string[]): (number | null)[] {
  const width = read.length + 1;
  // Row t, column r: how many words the ends of both have in common, from t and r.
  const common = new Uint16Array((truth.length + 1) * width);
  for (let t = truth.length - 1; t >= 0; t--) {
    for (let r = read.length - 1; r >= 0; r--) {
      const here = t * width + r;
      const below = common[here + width] as number;
      const right = common[here + 1] as number;
      common[here] = truth[t] === read[r] ? (common[here + width + 1] as number) + 1 : Math.max(below, right);
    }
  }
  const matches: (number | null)[] = read.map(() => null);
  for (let t = 0, r = 0; t < truth.length && r < read.length; ) {
    if (truth[t] === read[r]) matches[r++] = t++;
    else if ((common[(t + 1) * width + r] as number) >= (common[t * width + r + 1] as number)) t++;
    else r++;
  }
  return matches;
}
