import { smallDocuments } from "../madeDocuments.ts";
import { statusBars, steadyBars } from "../memoryBars.ts";
import type { Scenario } from "../scenario.ts";

const full = { medium: 10, pages: 20, small: 50 };
const quickly = { medium: 2, pages: 5, small: 10 };
const minutesAtMost = 90;

export const many: Scenario = {
  name: "many",
  title: "Ten documents of 20 pages one after the other, then fifty small ones at once",
  worker: "quire",
  minutesAtMost,
  async prepare({ made, quick }) {
    const { medium, pages } = quick ? quickly : full;
    const paths: string[] = [];
    for (let index = 0; index < medium; index++) paths.push(await made.scannedPdf(pages, index));
    return paths;
  },
  async run(stage, paths, quick) {
    const { medium, small } = quick ? quickly : full;
    for (const path of paths) {
      await stage.add(path);
      await stage.untilRead();
    }
    const files = smallDocuments();
    for (let index = 0; index < small; index++) await stage.add(files[index % files.length] as string);
    await stage.untilRead();
    return { documents: medium + small };
  },
  bars: (run) => [...steadyBars(run), ...statusBars(run, { completed: run.findings.documents ?? 0 })],
};
