import type { MemoryReading } from "@quire/memory";
import type { EngineDeath } from "./engineProcess.ts";
import { type EngineTask, OpeningTask } from "./engineTask.ts";

/**
 * A page, or an opening, that kills the engine alone, twice, is guilty. An engine that was killed from outside while
 * it had nothing but this to do is weak evidence: only the fifth such death settles it.
 */
export const strikesToFail = 2;
export const strikeOf: Record<Exclude<EngineDeath, "engine_out_of_memory">, number> = {
  engine_crashed: 1,
  killed: 0.4,
};

/**
 * What was under way when the memory was at its limit is done again, alone; if that happens once more, at a lower
 * resolution; and if even so, it is failed.
 */
export const pressuresToReduce = 2;
export const pressuresToFail = 3;

/** The task that killed the engine gets this as its result. */
export function failGuilty(task: EngineTask): void {
  task.fail("engine_crashed", `${named(task)} crashed the engine more than once. ${again}`);
}

/** The task that took more memory than there is gets this as its result. `reading`: how it stood, if that is known. */
export function failTooLarge(task: EngineTask, reading: MemoryReading | null): void {
  const megabytes = (bytes: number) => Math.round(bytes / 1_000_000);
  const stood = reading
    ? ` (${megabytes(reading.usedBytes)} MB were in use of ${megabytes(reading.limitBytes)} MB)`
    : "";
  const code = task instanceof OpeningTask ? "engine_out_of_memory" : "page_out_of_memory";
  task.fail(
    code,
    `${named(task)} needs more memory than there is, also by itself${stood}. Scan it again at 300 dpi or less, or raise the memory.`,
  );
}

/** The task whose time was up gets this as its result. */
export function failLate(task: EngineTask, limitSeconds: number): void {
  const remedy =
    task instanceof OpeningTask ? again : "Scan it again at 300 dpi or less, or raise PAGE_TIMEOUT_SECONDS.";
  task.fail("page_timeout", `${named(task)} took more than ${limitSeconds} seconds. ${remedy}`);
}

const again = "Export or scan it again.";

function named(task: EngineTask): string {
  return task instanceof OpeningTask ? "Opening the document" : "Reading this page";
}
