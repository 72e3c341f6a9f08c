import {
  atLeast,
  atMost,
  firstClaimBars,
  healthBars,
  pauseBars,
  peakPercent,
  statusBars,
  survivalBars,
} from "../memoryBars.ts";
import { endsByReason } from "../records.ts";
import type { Scenario } from "../scenario.ts";

const leakMb = 50;
const documents = 2;
const pagesEach = { full: 40, quick: 15 };
/** What a page takes an OCR thread with a processor of its own. */
const pageMs = 1_500;
const minutesAtMost = 30;

export const leakingEngine: Scenario = {
  name: "leak",
  title: `An engine that leaks ${leakMb} MB a page`,
  worker: "fake",
  minutesAtMost,
  async run(stage, _paths, quick) {
    const pages = quick ? pagesEach.quick : pagesEach.full;
    for (let index = 0; index < documents; index++) await stage.addFake({ pages, pageMs, leakMb });
    await stage.untilRead();
    return { pages: documents * pages };
  },
  bars: (run) => [
    ...survivalBars(run, peakPercent.pressed),
    ...firstClaimBars(run),
    ...healthBars(run),
    ...pauseBars(run, pageMs / 1000),
    ...statusBars(run, { completed: documents }),
    atMost(run, "pages lost", 0, "", (run.findings.pages ?? 0) - run.records.pages),
    atLeast(
      run,
      "engines replaced between pages",
      1,
      "",
      Object.keys(endsByReason(run.records, "engine_recycled")).length,
    ),
  ],
};
