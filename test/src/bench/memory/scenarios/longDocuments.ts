import { join } from "node:path";
import { atMost, firstClaimBars, healthBars, statusBars, steadyBars, survivalBars } from "../memoryBars.ts";
import type { Scenario, Sources } from "../scenario.ts";
import { mebibyte } from "../setting.ts";

const longPages = 142;
const quickPages = 12;
const tiffPages = 12;
/** An hour and a half: at half a processor 142 pages take a quarter of an hour. */
const minutesAtMost = 90;
/** Short of the watermark at which engines are killed. */
const tightPeakPercent = 95;
const secondPeakPercentMore = 10;

export const twoLongAtOnce: Scenario = {
  name: "pair",
  title: "142 pages of PDF and 12 of LZW TIFF at once",
  worker: "quire",
  minutesAtMost,
  prepare: async (sources) => [await longScan(sources), await lzwTiff(sources)],
  async run(stage, paths) {
    for (const path of paths) await stage.add(path);
    await stage.untilRead();
    return {};
  },
  bars: (run) => [...steadyBars(run), ...statusBars(run, { completed: 2 })],
};

export const longOnSmallHost: Scenario = {
  ...twoLongAtOnce,
  name: "small",
  title: "The same two in 256 MB with one thread",
  limits: (setting) => ({ ...setting.limits, memoryBytes: 256 * mebibyte }),
  threads: 1,
  bars: (run) => [
    ...survivalBars(run, tightPeakPercent),
    ...firstClaimBars(run),
    ...healthBars(run),
    ...statusBars(run, { completed: 2 }),
  ],
};

export const longTwice: Scenario = {
  name: "twice",
  title: "142 pages, then 142 pages again",
  worker: "quire",
  minutesAtMost,
  prepare: async (sources) => [await longScan(sources)],
  async run(stage, paths) {
    const peaks: number[] = [];
    for (let time = 0; time < 2; time++) {
      await stage.add(paths[0] as string);
      await stage.untilRead();
      peaks.push(stage.sampler.takePeakBytes());
    }
    const [first = 0, second = 0] = peaks;
    return { secondPeakPercentMore: 100 * (second / first - 1) };
  },
  bars: (run) => [
    ...steadyBars(run),
    ...statusBars(run, { completed: 2 }),
    atMost(
      run,
      "second peak, more than the first",
      secondPeakPercentMore,
      "%",
      run.findings.secondPeakPercentMore,
    ),
  ],
};

/** The corpus' scan, or one made of the samples' sheets. */
async function longScan({ corpus, made, quick }: Sources): Promise<string> {
  if (quick) return made.scannedPdf(quickPages);
  return corpus === null ? made.scannedPdf(longPages) : join(corpus, "long/clinical-142p.pdf");
}

/** The corpus' TIFF, or a scan as long. */
async function lzwTiff({ corpus, made, quick }: Sources): Promise<string> {
  if (quick || corpus === null) return made.scannedPdf(tiffPages, 1);
  return join(corpus, "long/clinical-12p-lzw.tif");
}
