import type { Bar } from "../bar.ts";
import type { Reading } from "../readWithQuire.ts";
import { addScores, recall, type Score } from "../scoring.ts";

/** What copies turned by one angle were read like. */
export interface TurnedRun {
  readonly degrees: number;
  readonly reading: Reading;
  readonly score: Score;
}

/** The same upright pages, read with correction and without, one right after the other. */
export interface Pair {
  readonly auto: Reading;
  readonly never: Reading;
}

const quarterTurn = 90;

/** What reading the right way up is held to. @param upright the copies that were not turned */
export function uprightBars(upright: TurnedRun, turned: readonly TurnedRun[], pairs: readonly Pair[]): Bar[] {
  const quarter = turned.filter(({ degrees }) => degrees % quarterTurn === 0);
  const askew = turned.filter(({ degrees }) => degrees % quarterTurn !== 0);
  const all = [upright, ...turned];
  return [
    bar("turned by quarters: recall behind upright", 1, "points", pointsBehind(upright, quarter)),
    bar("askew: recall behind upright", 1, "points", pointsBehind(upright, askew)),
    bar("upright: processor time more than without", 5, "%", percentMore(pairs, cpuSeconds)),
    bar("upright: wall time more than without", 5, "%", percentMore(pairs, wallSeconds)),
    bar("any: peak memory", 300, "MB", Math.max(...all.map(peakMegabytes))),
  ];
}

export const cpuSeconds = ({ measurement }: Reading): number => measurement.cpuSeconds ?? Number.NaN;
export const wallSeconds = ({ measurement }: Reading): number => measurement.wallSeconds;
export const peakMegabytes = ({ reading }: TurnedRun): number => reading.measurement.peakBytes / 1_000_000;

function pointsBehind(upright: TurnedRun, turned: readonly TurnedRun[]): number | undefined {
  if (turned.length === 0) return undefined;
  return 100 * (recall(upright.score) - recall(addScores(turned.map(({ score }) => score))));
}

function percentMore(pairs: readonly Pair[], seconds: (reading: Reading) => number): number | undefined {
  if (pairs.length === 0) return undefined;
  const sum = (which: keyof Pair) => pairs.reduce((total, pair) => total + seconds(pair[which]), 0);
  return 100 * (sum("auto") / sum("never") - 1);
}

function bar(what: string, limit: number, unit: string, measured: number | undefined): Bar {
  return { what, unit, limit, kind: "at most", measured };
}
