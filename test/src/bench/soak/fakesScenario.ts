import { readKernelFile } from "@quire/memory";
import { atMost, healthBars, peakPercent, statusBars, survivalBars } from "../memory/memoryBars.ts";
import type { Scenario, ScenarioRun } from "../memory/scenario.ts";
import { mebibyte } from "../memory/setting.ts";

const documents = 1_000;
const fake = { pages: 5, pageMs: 5 };
const waiting = 20;
/** After every hundred documents, the lowest count over so many of them. */
const windowEvery = 100;
const windowDocuments = 50;
const moreAtMost = 5;
const minutesAtMost = 30;

/**
 * What the worker's process by itself makes of a thousand documents that cost no engine anything. When V8 collects
 * is its own affair, so that the lowest count of a window is what stays.
 */
export const fakesScenario: Scenario = {
  name: "fakes",
  title: `The worker's own process over ${documents} documents`,
  worker: "fake",
  minutesAtMost,
  async run(stage) {
    const bytes: number[] = [];
    for (let index = 0; index < documents; index++) {
      await stage.untilLeft(waiting - 1);
      await stage.addFake(fake);
      bytes.push(anonymousBytes(stage.worker.pid));
    }
    await stage.untilRead();
    const starts = bytes.map((_, index) => index).filter((index) => index > 0 && index % windowEvery === 0);
    const lowest = [...starts, documents - windowDocuments].map((start) => [
      windowName(start),
      Math.min(...bytes.slice(start, start + windowDocuments)) / mebibyte,
    ]);
    return Object.fromEntries(lowest);
  },
  bars: (run) => {
    const firstMb = run.findings[windowName(windowEvery)] ?? Number.NaN;
    const lastMb = run.findings[windowName(documents - windowDocuments)] ?? Number.NaN;
    return [
      ...survivalBars(run, peakPercent.calm),
      ...healthBars(run),
      ...statusBars(run, { completed: documents }),
      atMost(run, `worker, more than ${firstMb.toFixed(1)} MB`, moreAtMost, "MB", lastMb - firstMb),
    ];
  },
};

const windowName = (start: number) => `after ${start}`;

/** The worker's own memory over the documents. */
export function printFakes({ findings }: ScenarioRun): void {
  const windows = Object.entries(findings).map(([name, megabytes]) => `${name}: ${megabytes.toFixed(1)}`);
  console.log(`\nThe worker's own process, in MB, by documents: ${windows.join(", ")}`);
}

/** What a process alone cannot give back (proc_pid_smaps(5)); of the worker that runs now. */
function anonymousBytes(pid: number | null): number {
  const rollup = pid === null ? null : readKernelFile(`/proc/${pid}/smaps_rollup`);
  const kibibytes = /^Anonymous:\s+(\d+) kB/m.exec(rollup ?? "")?.[1];
  return kibibytes === undefined ? Number.POSITIVE_INFINITY : Number(kibibytes) * 1024;
}
