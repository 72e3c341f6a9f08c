import type { Config } from "@quire/core";
import {
  engineCosts,
  heapMegabytes,
  plannedShare,
  rasterPixels,
  rasterPixelsPerBudgetByte,
} from "@quire/engine";
import { leastByDefault, mostByDefault, type Plan } from "@quire/worker";
import { lineWidth, mb, megapixels, type Row, section, sentence } from "./planLayout.ts";
import { wrapLines } from "./wrapLines.ts";

/** Where what was planned for comes from. */
export interface Origins {
  readonly budget: string;
  readonly processors: string;
}

const rounded = (value: number) => String(Math.round(value * 100) / 100);
const percent = (share: number) => `${Math.round(share * 100)} %`;
const processors = (plan: Plan) =>
  `${rounded(plan.processors)} ${plan.processors === 1 ? "processor" : "processors"}`;

/** A plan for a person: what, how much, and why; what to set. At most 100 columns. */
export function describePlan(plan: Plan, config: Config, origins: Origins): string {
  return [
    `A worker with ${mb(plan.budgetBytes)} MB (1 MB = 1,048,576 bytes) and ${processors(plan)}`,
    ...plan.warnings.flatMap((warning) => ["", ...wrapLines(`Warning: ${warning}`, lineWidth)]),
    section("What it runs with", derivedRows(plan, config, origins)),
    section("When memory fills up (what cannot be reclaimed: no page cache)", watermarkRows(plan)),
    "",
    "What is replaced now and then",
    ...replacements(config),
    "",
    "To make sure of it on any host, set",
    ...Object.entries(plan.environment).map(([name, value]) => `  ${name}=${value}`),
    "",
  ].join("\n");
}

function derivedRows(plan: Plan, config: Config, origins: Origins): Row[] {
  const { threads, documents, resolution, engineHeapBytes } = plan;
  const planned = mb(plan.plannedBytes);
  const [base, thread, document] = [engineCosts.base, engineCosts.thread, engineCosts.document].map(mb);
  return [
    [
      "memory",
      `${mb(plan.budgetBytes)} MB`,
      `${origins.budget}; planned to stay below ${percent(plannedShare)}, ${planned} MB`,
    ],
    ["processors", rounded(plan.processors), origins.processors],
    [
      "OCR threads",
      String(threads.count),
      threads.set
        ? "OCR_THREADS"
        : `least of ${processors(plan)} and (${planned} - ${base}) / ${thread} = ${threads.byMemory}; at least 1`,
    ],
    [
      "documents",
      String(documents.total),
      documents.set
        ? "WORKER_CONCURRENCY"
        : `at once: (${planned} - ${base} - ${threads.count} × ${thread}) / ${document} = ${documents.byMemory}; ${leastByDefault} to ${mostByDefault}`,
    ],
    [
      "  by size",
      Object.values(documents.lanes).join(", "),
      "small, medium, large; the last two leave a place to small ones",
    ],
    [
      "  at work",
      `${mb(plan.atWorkBytes)} MB`,
      `${base} + ${threads.count} × ${thread} + ${documents.total} × ${document}`,
    ],
    ["largest raster", `${megapixels(resolution.maxPixels)} MP`, rasterWhy(plan)],
    ["  A4", `${Math.round(resolution.a4Dpi.scan)} dpi`, a4Why(resolution)],
    [
      "  largest sheet",
      resolution.largestSheet ?? "-",
      "read at 300 dpi; larger ones at less, and the page says so",
    ],
    [
      "engine heap",
      `${mb(engineHeapBytes)} MB`,
      `JavaScript only: half the memory, ${heapMegabytes.min} to ${heapMegabytes.max}`,
    ],
    [
      "connections",
      String(plan.connections),
      `to the database: DATABASE_POOL_SIZE=${config.databasePoolSize}, and one that listens`,
    ],
  ];
}

function rasterWhy({ budgetBytes }: Plan): string {
  const share = megapixels(budgetBytes * rasterPixelsPerBudgetByte);
  const [min, max] = [rasterPixels.min, rasterPixels.max].map((pixels) => pixels / 1_000_000);
  return `of a page: ${rasterPixelsPerBudgetByte} pixels a byte of memory = ${share}; ${min} to ${max}`;
}

function a4Why({ a4FitsDpi, a4Dpi }: Plan["resolution"]): string {
  return `if scanned, ${Math.round(a4Dpi.drawn)} if drawn; it would fit at ${Math.round(a4FitsDpi)}`;
}

const measures = {
  elevated: "no new documents, garbage is collected",
  high: "the engine is replaced after the pages under way",
  critical: "the engine is killed, its pages are read again",
} as const;

function watermarkRows({ watermarks, budgetBytes }: Plan): Row[] {
  return watermarks.map(({ level, enterBytes, leaveBytes }) => [
    level,
    `${mb(enterBytes)} MB`,
    `${percent(enterBytes / budgetBytes)}: ${measures[level]}; ends below ${mb(leaveBytes)}`,
  ]);
}

function replacements(config: Config): string[] {
  const { afterJobs, afterHours, jitter, minUptimeMinutes, exitCode } = config.restart;
  const { engineMaxPages, engineMaxRssBytes } = config;
  const engine = [
    engineMaxPages > 0 && `after ${engineMaxPages} pages`,
    engineMaxRssBytes !== null && `above ${mb(engineMaxRssBytes)} MB resident`,
    "as memory fills up",
  ];
  const worker = [afterJobs > 0 && `${afterJobs} documents`, afterHours > 0 && `${afterHours} hours`];
  const bounds = worker.filter(Boolean).join(" or ");
  return [
    sentence(
      "OCR thread",
      `after ${config.ocrThreadMaxPages} pages, or above ${mb(config.ocrThreadMaxBytes)} MB`,
    ),
    sentence("engine", engine.filter(Boolean).join(", or ")),
    sentence(
      "worker",
      bounds === ""
        ? "never"
        : `after ${bounds} (±${percent(jitter)}), not before ${minUptimeMinutes} minutes; exit code ${exitCode}`,
    ),
  ];
}
