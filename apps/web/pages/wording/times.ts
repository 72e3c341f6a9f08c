import prettyMilliseconds from "pretty-ms";

const msPerSecond = 1_000;
const secondsPerMinute = 60;
const secondsPerHour = 3_600;
const fewSeconds = 10;

/**
 * A time left, as roughly as it is known: "a few seconds", "about 40 seconds", "about 4 minutes". Rounded up, for
 * nobody minds what is done sooner than said.
 */
export function roughly(seconds: number): string {
  if (seconds < fewSeconds) {
    return "a few seconds";
  }
  const step = seconds < secondsPerMinute - fewSeconds ? fewSeconds : secondsPerMinute;
  const rounded = Math.ceil(seconds / step) * step;
  const unitCount = rounded < secondsPerHour ? 1 : 2;
  return `about ${prettyMilliseconds(rounded * msPerSecond, { verbose: true, unitCount })}`;
}

/** How long ago, in its largest unit: "12 s ago"; times in the future by clocks that differ count as now. */
export function ago(iso: string, now: number): string {
  const elapsedMs = Math.max(0, now - Date.parse(iso));
  return elapsedMs < msPerSecond
    ? "now"
    : `${prettyMilliseconds(elapsedMs, { compact: elapsedMs >= secondsPerMinute * msPerSecond, secondsDecimalDigits: 0 })} ago`;
}

export function duration(seconds: number): string {
  return prettyMilliseconds(seconds * msPerSecond, { unitCount: 2, secondsDecimalDigits: 0 });
}

const sameDay = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const otherDay = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Date and time as the reader writes them; of today the time alone. */
export function moment(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  return date.toDateString() === now.toDateString()
    ? `today, ${sameDay.format(date)}`
    : otherDay.format(date);
}
