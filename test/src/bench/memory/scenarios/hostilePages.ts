import { writeHostileDocuments } from "../hostileDocuments.ts";
import { smallDocuments } from "../madeDocuments.ts";
import { atMost, healthBars, peakPercent, survivalBars } from "../memoryBars.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const minutesAtMost = 30;
/** Of a document or a page: refused for its size, or for what it would take. */
const refusals = ["page_too_large", "page_out_of_memory"];

export const hostilePages: Scenario = {
  name: "hostile",
  title: "Pages that want gigabytes among small documents",
  worker: "quire",
  minutesAtMost,
  prepare: ({ made }) => writeHostileDocuments(made),
  async run(stage, paths) {
    const neighbours: string[] = [];
    const hostile: string[] = [];
    // Between each two of them, so that each has neighbours while it is read.
    for (const path of paths) {
      for (const small of smallDocuments()) neighbours.push(await stage.add(small));
      hostile.push(await stage.add(path));
    }
    await stage.untilRead();
    return {
      neighboursHarmed: await harmed(stage, neighbours),
      neitherRefusedNorRead: await neitherRefusedNorRead(stage, hostile),
    };
  },
  bars: (run) => [
    ...survivalBars(run, peakPercent.calm),
    ...healthBars(run),
    atMost(run, "neighbours not read at their first claim", 0, "", run.findings.neighboursHarmed),
    atMost(run, "neither refused nor read smaller", 0, "", run.findings.neitherRefusedNorRead),
  ],
};

function harmed(stage: Stage, ids: readonly string[]): Promise<number> {
  return count(stage, "id = any($1) and (status <> 'completed' or claim > 1 or failures > 0 or stalls > 0)", [
    ids,
  ]);
}

function neitherRefusedNorRead(stage: Stage, ids: readonly string[]): Promise<number> {
  return count(
    stage,
    `id = any($1) and status <> 'completed' and not (status = 'failed' and error_code = any($2))
       and not exists (select from public.pages p where p.document_id = documents.id and p.error_code = any($2))`,
    [ids, refusals],
  );
}

async function count(stage: Stage, condition: string, values: unknown[]): Promise<number> {
  const [row] = await stage.database.query<{ count: number }>(
    `select count(*)::int from public.documents where ${condition}`,
    values,
  );
  return row?.count ?? 0;
}
