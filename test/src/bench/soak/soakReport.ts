import type { ScenarioRun } from "../memory/scenario.ts";
import { minuteMeans } from "./minutes.ts";
import { slopeOf } from "./slope.ts";
import { warmUpMinutes } from "./soakScenario.ts";

/** The slope of the memory and how well it is known, and what was read meanwhile. */
export function printSoak({ memory, records, wallSeconds }: ScenarioRun): void {
  const minutes = wallSeconds / 60;
  const [documents, pages] = [records.documents / minutes, records.pages / minutes];
  console.log(`\n${documents.toFixed(1)} documents and ${pages.toFixed(1)} pages a minute`);
  const points = minuteMeans(memory.seconds, warmUpMinutes);
  const slope = slopeOf(points);
  if (slope === null) {
    console.log(
      `No slope: ${points.length} whole minutes after the warm-up of ${warmUpMinutes} are too few.`,
    );
    return;
  }
  const { perUnit, low, high, residualCorrelation } = slope;
  console.log(
    `Slope over ${points.length} minutes after ${warmUpMinutes} of warm-up: ${perUnit.toFixed(1)} MB/h, ` +
      `95 % interval ${low.toFixed(1)} to ${high.toFixed(1)}`,
  );
  console.log(
    `From one minute to the next the residuals correlate by ${residualCorrelation.toFixed(2)}: the nearer to 1, the ` +
      "more the interval is too narrow",
  );
}
