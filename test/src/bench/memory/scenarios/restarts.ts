import { smallDocuments } from "../madeDocuments.ts";
import { atLeast, faultlessBars, healthBars, peakPercent, statusBars, survivalBars } from "../memoryBars.ts";
import type { Scenario } from "../scenario.ts";

const afterJobs = 5;
const documents = { full: 60, quick: 20 };
/** Always some, so that a worker that leaves has documents open. */
const waiting = 10;
/** A worker counts to its bound, and finishes what it has open: as many again, at the most. */
const documentsALife = 2 * afterJobs;
const minutesAtMost = 60;

export const restarts: Scenario = {
  name: "restarts",
  title: `A worker that leaves after ${afterJobs} documents, again and again`,
  worker: "quire",
  env: { RESTART_AFTER_JOBS: String(afterJobs), RESTART_MIN_UPTIME_MINUTES: "0", RESTART_JITTER: "0" },
  minutesAtMost,
  async run(stage, _paths, quick) {
    const count = quick ? documents.quick : documents.full;
    const files = smallDocuments();
    for (let index = 0; index < count; index++) {
      await stage.untilLeft(waiting - 1);
      await stage.add(files[index % files.length] as string);
    }
    await stage.untilRead();
    return { documents: count };
  },
  bars: (run) => {
    const { documents: count = 0 } = run.findings;
    return [
      ...survivalBars(run, peakPercent.calm),
      ...faultlessBars(run),
      ...healthBars(run),
      ...statusBars(run, { completed: count }),
      atLeast(run, "restarts", Math.floor(count / documentsALife), "", run.restarts.length),
    ];
  },
};
