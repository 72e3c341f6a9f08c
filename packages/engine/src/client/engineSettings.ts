import type { Config } from "@quire/core";
import { memoryBudgetBytes, processorCount } from "@quire/memory";
import type { EngineSettings } from "../protocol.ts";

const mebibyte = 1024 * 1024;

/** Measured on the 142-page scan: client and engine without OCR threads, and what each thread adds. */
const baseBytes = 150 * mebibyte;
const threadBytes = 65 * mebibyte;
/** From 70 % of the budget on, memory counts as elevated: plan to stay below. */
const plannedShare = 0.7;

/** V8 would take a quarter of the machine. Pages live outside the heap; what pdf.js makes of a bad PDF does not. */
const heapMegabytes = { least: 128, most: 512 };

/** A raster costs about three bytes a pixel on its way to the recogniser; a page may take 15 % of the budget. */
const rasterPixelsPerBudgetByte = 0.05;
const rasterPixels = { least: 12_000_000, most: 40_000_000 };

/** Derives what the engine runs with from the configuration, the memory budget and the processors. */
export function engineSettings(config: Config): EngineSettings {
  const budgetBytes = memoryBudgetBytes(config.memoryLimitBytes);
  const bearable = Math.floor((budgetBytes * plannedShare - baseBytes) / threadBytes);
  const clamp = (value: number, { least, most }: { least: number; most: number }) =>
    Math.round(Math.min(most, Math.max(least, value)));
  const byDefault = Math.max(1, Math.min(processorCount(), bearable));
  return {
    threads: config.ocrThreads ?? byDefault,
    limits: config.limits,
    gcEveryPages: config.gcEveryPages,
    ocrThreadMaxPages: config.ocrThreadMaxPages,
    ocrThreadMaxBytes: config.ocrThreadMaxBytes,
    tessdataDir: config.tessdataDir,
    maxHeapMegabytes: clamp(budgetBytes / mebibyte / 2, heapMegabytes),
    maxRasterPixels: clamp(budgetBytes * rasterPixelsPerBudgetByte, rasterPixels),
  };
}

/** An open document: its parsed structure in the engine, and up to four results a thread on their way. */
const documentBytes = 24 * mebibyte;

/** How many documents the memory budget bears open at once beside the engine's threads; it may be none. */
export function documentsBearable(config: Config): number {
  const { threads } = engineSettings(config);
  const left = memoryBudgetBytes(config.memoryLimitBytes) * plannedShare - baseBytes - threads * threadBytes;
  return Math.max(0, Math.floor(left / documentBytes));
}
