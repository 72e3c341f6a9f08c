const wordBits = 32;

/**
 * The Levenshtein distance of two texts, in code points.
 *
 * Myers' bit-parallel algorithm in blocks (G. Myers, "A fast bit-vector algorithm for approximate string
 * matching based on dynamic programming", J. ACM 46, 1999; for whole strings: H. Hyyrö, 2003): a column of
 * the table is kept as the differences between its rows, 32 of them in a word, so 10,000 characters against
 * 10,000 take some three million steps.
 */
export function editDistance(a: string, b: string): number {
  const pattern = Array.from(a);
  const text = Array.from(b);
  if (pattern.length === 0) return text.length;

  const blocks = Math.ceil(pattern.length / wordBits);
  const matches = matchBits(pattern, blocks);
  const nowhere = new Int32Array(blocks);
  // Bit i of `plus` (`minus`): row i of the column is one more (less) than the row above it.
  const plus = new Int32Array(blocks).fill(-1);
  const minus = new Int32Array(blocks);
  const lastRow = 1 << ((pattern.length - 1) % wordBits);

  let distance = pattern.length;
  for (const character of text) {
    const equals = matches.get(character) ?? nowhere;
    // The step from the column before, in the row above the block: the first row counts 0, 1, 2 …
    let step = 1;
    for (let block = 0; block < blocks; block++) {
      const above = plus[block] ?? 0;
      const below = minus[block] ?? 0;
      const equal = equals[block] ?? 0;
      const vertical = equal | below;
      const reached = step < 0 ? equal | 1 : equal;
      const horizontal = (((reached & above) + above) ^ above) | reached;
      let rises = below | ~(horizontal | above);
      let falls = above & horizontal;

      const bottom = block === blocks - 1 ? lastRow : 1 << (wordBits - 1);
      const nextStep = rises & bottom ? 1 : falls & bottom ? -1 : 0;
      rises = (rises << 1) | (step > 0 ? 1 : 0);
      falls = (falls << 1) | (step < 0 ? 1 : 0);
      plus[block] = falls | ~(vertical | rises);
      minus[block] = rises & vertical;
      step = nextStep;
    }
    distance += step;
  }
  return distance;
}

/** For each character of the pattern the bits of the rows where it stands. */
function matchBits(pattern: readonly string[], blocks: number): Map<string, Int32Array> {
  const matches = new Map<string, Int32Array>();
  for (const [row, character] of pattern.entries()) {
    const bits = matches.get(character) ?? new Int32Array(blocks);
    const block = Math.floor(row / wordBits);
    bits[block] = (bits[block] ?? 0) | (1 << (row % wordBits));
    matches.set(character, bits);
  }
  return matches;
}
