import { engineCosts, plannedShare } from "@quire/engine";
import type { Plan } from "./plan.ts";

const mebibyte = 1024 * 1024;
const megabytes = (bytes: number) => `${Math.round(bytes / mebibyte)} MB`;

/** A worker with one OCR thread that reads one document. */
const leastBytes = engineCosts.base + engineCosts.thread + engineCosts.document;
/** That, below the share where memory counts as elevated. */
const leastBudget = `${Math.ceil(leastBytes / plannedShare / mebibyte)} MB`;

type Figures = Omit<Plan, "warnings" | "environment">;

/** What is wrong with a plan, and what to do about it; where nothing fits, only that. */
export function planWarnings(plan: Figures): string[] {
  if (plan.budgetBytes < leastBytes)
    return [
      `One document, read by one OCR thread, takes ${megabytes(leastBytes)}: it does not fit, and the system will ` +
        `kill the engine or the worker. Take ${leastBudget} or more.`,
    ];
  return [...tooTight(plan), ...tooManyThreads(plan), ...tooManyDocuments(plan)];
}

function tooTight({ plannedBytes }: Figures): string[] {
  if (plannedBytes >= leastBytes) return [];
  return [
    `One document, read by one OCR thread, takes ${megabytes(leastBytes)}, more than the ${megabytes(plannedBytes)} ` +
      `from which memory is elevated: the worker will pause and replace its engine again and again. Better take ` +
      `${leastBudget} or more.`,
  ];
}

function tooManyThreads({ processors, threads }: Figures): string[] {
  // One thread is what it takes at least, whatever there is.
  if (!threads.set || threads.count === 1) return [];
  const warnings: string[] = [];
  if (threads.count > threads.byMemory)
    warnings.push(
      `OCR_THREADS=${threads.count} is more than the ${Math.max(1, threads.byMemory)} that memory bears.`,
    );
  if (threads.count > Math.max(1, processors))
    warnings.push(
      `OCR_THREADS=${threads.count} is more than there are processors: that costs memory and reads no faster.`,
    );
  return warnings;
}

function tooManyDocuments({ documents, atWorkBytes, plannedBytes }: Figures): string[] {
  if (documents.total <= Math.max(1, documents.byMemory)) return [];
  const whose = documents.set
    ? `WORKER_CONCURRENCY=${documents.total}`
    : `The default of ${documents.total} documents at once`;
  return [
    `${whose} comes to ${megabytes(atWorkBytes)}, more than ${megabytes(plannedBytes)}: ` +
      `set WORKER_CONCURRENCY=${Math.max(1, documents.byMemory)}.`,
  ];
}
