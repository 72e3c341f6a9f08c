import type { MemorySecond } from "../memory/memorySampler.ts";
import { mebibyte } from "../memory/setting.ts";
import type { Point } from "./slope.ts";

const secondsPerMinute = 60;
const minutesPerHour = 60;

/**
 * The memory of each whole minute after the warm-up, as MB over hours. Minutes, for samples a second apart are
 * nearly the same document at nearly the same page: taken for independent they would make any slope look certain.
 */
export function minuteMeans(seconds: readonly MemorySecond[], warmUpMinutes: number): Point[] {
  const minutes = Map.groupBy(seconds, ({ second }) => Math.floor(second / secondsPerMinute));
  const lastMinute = Math.max(...minutes.keys());
  return (
    [...minutes]
      // The last one is cut off.
      .filter(([minute]) => minute >= warmUpMinutes && minute < lastMinute)
      .map(([minute, samples]) => {
        const sumBytes = samples.reduce((total, { meanBytes }) => total + meanBytes, 0);
        return { x: (minute + 0.5) / minutesPerHour, y: sumBytes / samples.length / mebibyte };
      })
  );
}
