import { count, memorySize } from "../wording/sizes.ts";
import { duration } from "../wording/times.ts";

const msPerSecond = 1_000;
const capital = /(?=[A-Z])/;

/** The figures of an event in a line: `{ usedBytes: 300000000, pages: 12 }` as "used 286 MiB, pages 12". */
export function figureWords(figures: Readonly<Record<string, unknown>>): string {
  return Object.entries(figures)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => wordsOf(name, value as string | number | boolean))
    .join(", ");
}

/** The unit is the last word of the name, as everywhere. */
function wordsOf(name: string, value: string | number | boolean): string {
  const words = name.split(capital).map((word) => word.toLowerCase());
  const unit = words.at(-1);
  const withoutUnit = words.slice(0, -1).join(" ");
  // Of a process the number is a name, not a count.
  if (typeof value !== "number" || unit === "pid") {
    return `${words.join(" ")} ${value}`;
  }
  switch (unit) {
    case "bytes":
      return `${withoutUnit} ${memorySize(value)}`;
    case "seconds":
      return `${withoutUnit} ${duration(value)}`;
    case "ms":
      return `${withoutUnit} ${duration(value / msPerSecond)}`;
    default:
      return `${words.join(" ")} ${count(value)}`;
  }
}
