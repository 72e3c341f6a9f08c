import { printTable } from "../printTable.ts";
import { endsByReason } from "./records.ts";
import type { ScenarioRun } from "./scenario.ts";
import { mebibyte } from "./setting.ts";

const missing = "–";

/** A run in a few words: the whole of a setting takes an hour. */
export function summaryOf({ records, wallSeconds, memory }: ScenarioRun): string {
  return `${records.pages} pages in ${wallSeconds.toFixed(0)} s, peak ${megabytes(memory.peakBytes)} MB`;
}

/** One line a scenario and setting, then what the columns mean. */
export function printScenarioRuns(runs: readonly ScenarioRun[]): void {
  printTable(
    "Memory",
    [
      "setting",
      "scenario",
      "documents",
      "pages",
      "wall s",
      "peak MB",
      "% of limit",
      "kernel's MB",
      "recycles",
      "engine deaths",
      "kernel kills",
      "restarts",
      "claims > 1",
      "gap ms",
    ],
    runs.map((run) => {
      const { setting, scenario, wallSeconds, memory, limitBytes, kernelPeakBytes, records } = run;
      return [
        setting.name,
        scenario.name,
        describeCounts(records.statuses),
        records.failedPages > 0 ? `${records.pages} (${records.failedPages} failed)` : String(records.pages),
        wallSeconds.toFixed(0),
        megabytes(memory.peakBytes),
        ((100 * memory.peakBytes) / limitBytes).toFixed(1),
        kernelPeakBytes === null ? missing : megabytes(kernelPeakBytes),
        describeCounts(endsByReason(records, "engine_recycled")),
        describeCounts(endsByReason(records, "engine_died")),
        run.kernelKills === null ? missing : String(run.kernelKills),
        String(run.restarts.length),
        String(records.claimsAboveFirst),
        memory.longestGapMs.toFixed(0),
      ];
    }),
  );
  console.log("peak: what cannot be reclaimed, sampled every 50 ms; gap: longest time between two samples;");
  console.log("kernel's: its highest count, page cache included; MB: 1,048,576 bytes");

  printTable(
    "Health and pauses",
    [
      "setting",
      "scenario",
      "answers",
      "p50 ms",
      "p99 ms",
      "max ms",
      "gap s",
      "restart s",
      "recycle s",
      "elsewhere s",
    ],
    runs.map(({ setting, scenario, health, records: { pause } }) => [
      setting.name,
      scenario.name,
      String(health.answers),
      figure(health.p50Ms),
      figure(health.p99Ms),
      figure(health.maxMs),
      health.longestGapSeconds.toFixed(1),
      health.longestRestartSeconds.toFixed(1),
      figure(pause?.longestSeconds),
      figure(pause?.longestElsewhereSeconds),
    ]),
  );
  console.log(
    "gap: longest time without a good answer of /health, restart: the same while one worker followed",
  );
  console.log(
    "another; recycle: longest time without a new page of a document while its engine was replaced",
  );
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  const named = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return named.length === 0 ? "0" : named.join(", ");
}

const megabytes = (bytes: number) => (bytes / mebibyte).toFixed(1);
const figure = (value: number | null | undefined) => value?.toFixed(1) ?? missing;
