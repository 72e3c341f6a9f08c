import { type Config, lanes, type SettingName, settings } from "@quire/core";
import {
  chooseResolution,
  documentsBearable,
  engineCosts,
  engineSettings,
  plannedShare,
  threadsBearable,
} from "@quire/engine";
import { type MemoryLevel, type Resources, watermarks } from "@quire/memory";
import { type Concurrency, concurrencyOf } from "./claiming/concurrency.ts";
import { planWarnings } from "./planWarnings.ts";

/** What a worker runs with on an instance. `byMemory`: as many as its memory bears, which may be none. */
export interface Plan extends Resources {
  /** Of the budget, what a plan stays below: from there on memory is elevated. */
  readonly plannedBytes: number;
  /** `set`: by OCR_THREADS. */
  readonly threads: { readonly count: number; readonly byMemory: number; readonly set: boolean };
  /** Documents at once. `set`: by WORKER_CONCURRENCY. */
  readonly documents: Concurrency & { readonly byMemory: number; readonly set: boolean };
  /** Estimated, with every thread and document at work. */
  readonly atWorkBytes: number;
  readonly resolution: PlannedResolution;
  /** Bound of the engine's JavaScript heap. */
  readonly engineHeapBytes: number;
  /** In rising order. */
  readonly watermarks: readonly PlannedWatermark[];
  /** To the database, the one that listens included. */
  readonly connections: number;
  /** What is wrong with it, and what to do. */
  readonly warnings: readonly string[];
  /** What to set so that a worker runs with this, whatever its host says of itself. */
  readonly environment: Readonly<Partial<Record<SettingName, string>>>;
}

export interface PlannedResolution {
  /** The largest raster of a page. */
  readonly maxPixels: number;
  /** At which A4 would fill it. */
  readonly a4FitsDpi: number;
  /** At which A4 is read when it is a scan of 300 dpi, and when it is drawn from fonts and lines. */
  readonly a4Dpi: { readonly scan: number; readonly drawn: number };
  /** Of a scan of 300 dpi that is not read at less than any smaller one; null if not even A4 is. */
  readonly largestSheet: string | null;
}

export interface PlannedWatermark {
  readonly level: Exclude<MemoryLevel, "normal">;
  readonly enterBytes: number;
  readonly leaveBytes: number;
}

const mebibyte = 1024 * 1024;

/** What a worker with this configuration runs with on these resources: by the same functions as the worker itself. */
export function planFor(config: Config, resources: Resources): Plan {
  const { budgetBytes } = resources;
  const engine = engineSettings(config, resources);
  const byMemory = documentsBearable(config, resources);
  const concurrency = concurrencyOf(config.worker, byMemory);
  const { base, thread, document } = engineCosts;
  const plan = {
    ...resources,
    plannedBytes: Math.round(budgetBytes * plannedShare),
    threads: {
      count: engine.threads,
      byMemory: Math.max(0, threadsBearable(budgetBytes)),
      set: config.ocrThreads !== null,
    },
    documents: { ...concurrency, byMemory, set: config.worker.concurrency !== null },
    atWorkBytes: base + engine.threads * thread + concurrency.total * document,
    resolution: plannedResolution(engine.maxRasterPixels),
    engineHeapBytes: engine.maxHeapMegabytes * mebibyte,
    watermarks: plannedWatermarks(budgetBytes),
    connections: config.databasePoolSize + 1,
  };
  return { ...plan, warnings: planWarnings(plan), environment: environmentOf(plan) };
}

const millimetresPerInch = 25.4;
/** ISO 216, in millimetres, the smallest first. */
const sheets = [
  ["A4", 210, 297],
  ["A3", 297, 420],
  ["A2", 420, 594],
  ["A1", 594, 841],
  ["A0", 841, 1189],
] as const;
const scannerDpi = 300;

function plannedResolution(maxPixels: number): PlannedResolution {
  const resolutionOf = ([, width, height]: (typeof sheets)[number], ownDpi: number | null) =>
    chooseResolution(
      { widthInches: width / millimetresPerInch, heightInches: height / millimetresPerInch, ownDpi },
      maxPixels,
    );
  const [a4] = sheets;
  const inFull = sheets.filter((sheet) => !resolutionOf(sheet, scannerDpi).downscaled);
  return {
    maxPixels,
    a4FitsDpi: Math.sqrt((maxPixels * millimetresPerInch ** 2) / (a4[1] * a4[2])),
    a4Dpi: { scan: resolutionOf(a4, scannerDpi).dpi, drawn: resolutionOf(a4, null).dpi },
    largestSheet: inFull.at(-1)?.[0] ?? null,
  };
}

function plannedWatermarks(budgetBytes: number): PlannedWatermark[] {
  return (["elevated", "high", "critical"] as const).map((level) => ({
    level,
    enterBytes: Math.round(budgetBytes * watermarks[level].enter),
    leaveBytes: Math.round(budgetBytes * watermarks[level].leave),
  }));
}

/** The figures derived from the instance, and of the lanes those that it bounds closer than their default. */
function environmentOf({
  budgetBytes,
  threads,
  documents,
}: Pick<Plan, "budgetBytes" | "threads" | "documents">) {
  const atOnce = documents.set ? documents.total : Math.max(1, Math.min(documents.total, documents.byMemory));
  const environment: Partial<Record<SettingName, string>> = {
    MEMORY_LIMIT_MB: String(Math.floor(budgetBytes / mebibyte)),
    OCR_THREADS: String(threads.count),
    WORKER_CONCURRENCY: String(atOnce),
  };
  for (const lane of lanes) {
    const name = `CONCURRENCY_${lane.toUpperCase()}` as `CONCURRENCY_${Uppercase<typeof lane>}`;
    const count = String(Math.min(documents.lanes[lane], atOnce));
    if (count !== settings[name].default) environment[name] = count;
  }
  return environment;
}
