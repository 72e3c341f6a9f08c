import { basename } from "node:path";
import { atMost, healthBars, peakPercent, survivalBars } from "../memory/memoryBars.ts";
import type { Scenario } from "../memory/scenario.ts";
import { minuteMeans } from "./minutes.ts";
import type { MixedLoad } from "./mixedLoad.ts";
import { slopeOf } from "./slope.ts";

/** Enough that no OCR thread ever waits for a document, and few enough that the end is soon reached. */
const waiting = 8;
export const warmUpMinutes = 5;
const slopeAtMost = 10;
/** For the documents that wait when the time is up. */
const minutesToEnd = 15;

/** Mixed documents for so many minutes, always a few waiting, by a worker that is never restarted. */
export function soakScenario(minutes: number, { rounds, refused }: MixedLoad): Scenario {
  return {
    name: "soak",
    title: `Mixed documents for ${minutes} minutes`,
    worker: "quire",
    minutesAtMost: minutes + minutesToEnd,
    async run(stage) {
      const endMs = performance.now() + minutes * 60_000;
      for (let round = 0; performance.now() < endMs; round++) {
        for (const path of rounds[round % rounds.length] ?? []) {
          await stage.untilLeft(waiting - 1);
          await stage.add(path);
        }
        await stage.discardRead();
      }
      await stage.untilRead();
      const [row] = await stage.database.query<{ count: number }>(
        `select count(*)::int from public.documents
         where status <> 'completed' and not (status = 'failed' and filename = any($1))`,
        [[...refused].map((path) => basename(path))],
      );
      return { notRead: row?.count ?? 0 };
    },
    bars: (run) => [
      ...survivalBars(run, peakPercent.calm),
      ...healthBars(run),
      atMost(run, "good documents not read", 0, "", run.findings.notRead),
      atMost(
        run,
        "slope, upper end of its interval",
        slopeAtMost,
        "MB/h",
        slopeOf(minuteMeans(run.memory.seconds, warmUpMinutes))?.high,
      ),
    ],
  };
}
