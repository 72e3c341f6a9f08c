import { type Bar, isCleared } from "./bar.ts";
import { missing, printTable } from "./printTable.ts";

/** Prints the closing table: each bar, what was measured, and whether it passes. */
export function printBars(bars: readonly Bar[]): void {
  const rows = bars.map((bar) => {
    const cleared = isCleared(bar);
    const mark = cleared === null ? missing : cleared ? "pass" : "FAIL";
    const measured = bar.measured === undefined ? "not measured" : `${bar.measured.toFixed(2)} ${bar.unit}`;
    return [bar.what, `${bar.kind} ${bar.limit} ${bar.unit}`.trim(), measured.trim(), mark];
  });
  printTable("Bars", ["what", "bar", "measured", "mark"], rows);
}
