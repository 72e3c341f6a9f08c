import type { Verdict } from "./check.ts";
import type { Result } from "./runChecks.ts";

const verdictWidth = 9;
const nameWidth = 18;

/** A result for people: one line, and a second one where something is to be done. */
export function lineOf({ verdict, name, message, remedy }: Result): string {
  const line = `${verdict.padEnd(verdictWidth)}${name.padEnd(nameWidth)}${message}\n`;
  return remedy === undefined ? line : `${line}${" ".repeat(verdictWidth + nameWidth)}-> ${remedy}\n`;
}

/** How many of each verdict there are; those that there are none of are left out. */
export function summaryOf(results: readonly Result[]): string {
  const verdicts: Verdict[] = ["ok", "warning", "failure", "skipped"];
  const counts = verdicts.map(
    (verdict) => [verdict, results.filter((each) => each.verdict === verdict).length] as const,
  );
  return `${counts
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(", ")}\n`;
}
