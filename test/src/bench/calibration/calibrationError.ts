/** A word's confidence as a share, and whether it is right. */
export interface RatedWord {
  readonly confidence: number;
  readonly correct: boolean;
}

const bins = 10;

/** Words of like confidence. */
export interface CalibrationBin {
  readonly count: number;
  readonly meanConfidence: number;
  readonly correctShare: number;
}

/** Ten bins with as many words each, from the lowest confidence to the highest; words of equal confidence are mixed. */
export function calibrationBins(words: readonly RatedWord[]): CalibrationBin[] {
  const sorted = averageTies(words).toSorted((a, b) => a.confidence - b.confidence);
  const found: CalibrationBin[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.round((bin * sorted.length) / bins);
    const members = sorted.slice(from, Math.round(((bin + 1) * sorted.length) / bins));
    if (members.length === 0) continue;
    found.push({
      count: members.length,
      meanConfidence: mean(members.map(({ confidence }) => confidence)),
      correctShare: mean(members.map(({ correctShare }) => correctShare)),
    });
  }
  return found;
}

/**
 * Expected calibration error: how far confidence and the share of right words are apart, over ten bins with as many
 * words each (most words are of high confidence, so that bins of equal width would leave one bin to tell).
 */
export function expectedCalibrationError(words: readonly RatedWord[]): number {
  return calibrationBins(words).reduce(
    (sum, { count, meanConfidence, correctShare }) =>
      sum + (count / words.length) * Math.abs(meanConfidence - correctShare),
    0,
  );
}

/** Which share of the wrong words is among the words of lowest confidence. @param share how many these are, of all */
export function wrongAmongLowest(words: readonly RatedWord[], share: number): number {
  const sorted = averageTies(words).toSorted((a, b) => a.confidence - b.confidence);
  const lowest = sorted.slice(0, Math.round(share * sorted.length));
  const wrong = (some: typeof sorted) => some.reduce((sum, { correctShare }) => sum + 1 - correctShare, 0);
  return wrong(lowest) / wrong(sorted);
}

/** Each word with the share of right ones among all of its confidence: their order must not tell. */
function averageTies(words: readonly RatedWord[]): { confidence: number; correctShare: number }[] {
  const groups = Map.groupBy(words, ({ confidence }) => confidence);
  return [...groups].flatMap(([confidence, members]) => {
    const correctShare = mean(members.map(({ correct }) => (correct ? 1 : 0)));
    return members.map(() => ({ confidence, correctShare }));
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
