import { resolve } from "node:path";
import type { Config } from "@quire/core";
import { availableResources, type Resources, watermarks } from "@quire/memory";
import { findModels } from "@quire/models";
import type { EngineSettings } from "../protocol.ts";

const mebibyte = 1024 * 1024;

/** What the parts weigh, in bytes of memory that cannot be reclaimed, measured on the 142-page scan. */
export const engineCosts = {
  /** An engine process that has nothing open and no OCR threads. */
  idle: 40 * mebibyte,
  /** Client and engine without OCR threads. */
  base: 120 * mebibyte,
  /** Its models take 40 of it, the rest a page on its way through them. */
  thread: 80 * mebibyte,
  /** An open document: its parsed structure in the engine, and its pages, with previews, on their way. */
  document: 24 * mebibyte,
} as const;

/** What an engine with its OCR threads takes beside a client that is there already, in bytes. */
export function engineBytes(threads: number): number {
  return engineCosts.base / 2 + threads * engineCosts.thread;
}

/** From here on memory counts as elevated: plan to stay below. */
export const plannedShare = watermarks.elevated.enter;

/** V8 would take a quarter of the machine. Pages live outside the heap; what pdf.js makes of a bad PDF does not. */
export const heapMegabytes = { min: 128, max: 512 };

/** A raster costs about three bytes a pixel on its way to the recogniser; a page may take 15 % of the budget. */
export const rasterPixelsPerBudgetByte = 0.05;
export const rasterPixels = { min: 12_000_000, max: 40_000_000 };

/** Derives what the engine runs with from the configuration and from what there is. */
export function engineSettings(
  config: Config,
  resources: Resources = availableResources(config.memoryLimitBytes),
): EngineSettings {
  const { budgetBytes, processors } = resources;
  const clamp = (value: number, { min, max }: { min: number; max: number }) =>
    Math.round(Math.min(max, Math.max(min, value)));
  // Half a processor: a second thread would only cost memory.
  const byDefault = Math.max(1, Math.min(Math.floor(processors), threadsBearable(budgetBytes)));
  return {
    threads: config.ocrThreads ?? byDefault,
    limits: config.limits,
    gcEveryPages: config.gcEveryPages,
    ocrThreadMaxPages: config.ocrThreadMaxPages,
    ocrThreadMaxBytes: config.ocrThreadMaxBytes,
    memoryLimitBytes: config.memoryLimitBytes,
    models: config.reader === "tesseract" ? null : findModels(config.modelsDir),
    // The engine process has a working folder of its own.
    tessdataDir: config.tessdataDir === null ? null : resolve(config.tessdataDir),
    maxHeapMegabytes: clamp(budgetBytes / mebibyte / 2, heapMegabytes),
    maxRasterPixels: clamp(budgetBytes * rasterPixelsPerBudgetByte, rasterPixels),
  };
}

/** How many OCR threads a memory budget in bytes bears; under one where it is too small for any. */
export function threadsBearable(budgetBytes: number): number {
  return Math.floor((budgetBytes * plannedShare - engineCosts.base) / engineCosts.thread);
}

/** How many documents the memory budget bears open at once beside the engine's threads; it may be none. */
export function documentsBearable(
  config: Config,
  resources: Resources = availableResources(config.memoryLimitBytes),
): number {
  const { threads } = engineSettings(config, resources);
  const left = resources.budgetBytes * plannedShare - engineCosts.base - threads * engineCosts.thread;
  return Math.max(0, Math.floor(left / engineCosts.document));
}
