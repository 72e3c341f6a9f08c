import type { MemoryAnswer } from "../api/answers.ts";

/** For the chart: times in seconds since 1970, and for each worker its share of the budget at each, or null. */
export interface MemorySeries {
  readonly times: number[];
  readonly labels: string[];
  readonly shares: (number | null)[][];
}

/** A gap of more intervals than this is a worker that did not run: the line is broken there. */
const gapIntervals = 3;

/** Brings the samples of all workers onto one axis. */
export function memorySeries({ workers, intervalSeconds }: MemoryAnswer): MemorySeries {
  const shown = workers.filter(({ samples }) => samples.length > 0);
  const all = shown.map(({ samples }) => withGaps(samples, intervalSeconds));
  const times = [...new Set(all.flatMap((samples) => [...samples.keys()]))].sort((a, b) => a - b);
  return {
    times,
    labels: shown.map(({ id }) => id),
    // Undefined where only another worker has a sample: the line goes on; null where there is a gap.
    shares: all.map((samples) => times.map((time) => samples.get(time) as number | null)),
  };
}

function withGaps(
  samples: MemoryAnswer["workers"][number]["samples"],
  intervalSeconds: number,
): Map<number, number | null> {
  const shares = new Map<number, number | null>();
  let before: number | null = null;
  for (const { at, usedBytes, budgetBytes } of samples) {
    const time = Date.parse(at) / 1_000;
    if (before !== null && time - before > gapIntervals * intervalSeconds) {
      shares.set(before + intervalSeconds, null);
    }
    shares.set(time, usedBytes / budgetBytes);
    before = time;
  }
  return shares;
}
