import { atMost, type Bar } from "../bar.ts";
import { firstPages, longDocument } from "../documents.ts";
import { measureQuire, type Run } from "../runs.ts";
import { type Bench, corpusOf } from "../sets.ts";

const quickPages = 12;
/** The peak of the process tree that is borne, in MB, by OCR threads. */
const peakMegabytes = { 1: 300, 2: 380 } as const;

/** The memory that the whole of the long scan takes with one OCR thread and with two, in each quality. */
export async function measureMemory(bench: Bench): Promise<{ runs: Run[]; bars: Bar[] }> {
  const { options } = bench;
  const whole = longDocument(corpusOf(bench), "clinical-142p.pdf");
  const request = options.quick
    ? { documents: [firstPages(whole, quickPages)], pages: `1-${quickPages}` }
    : { documents: [whole] };
  const runs: Run[] = [];
  const bars: Bar[] = [];
  for (const quality of options.qualities) {
    for (const threads of [2, 1] as const) {
      const { run } = await measureQuire({ ...request, name: `long, ${quality}`, threads, quality });
      runs.push(run);
      const what = `long, ${quality}, ${threads} ${threads === 1 ? "thread" : "threads"}: peak memory`;
      bars.push(atMost(what, peakMegabytes[threads], "MB", run.measurement.peakBytes / 1_000_000));
    }
  }
  return { runs, bars };
}
