import type { EngineDeath } from "./engineProcess.ts";
import { type EngineTask, OpeningTask } from "./engineTask.ts";

/**
 * A page, or an opening, that kills the engine alone, twice, is guilty. An engine that was killed from outside while
 * it had nothing but this to do is weak evidence: only the fifth such death settles it.
 */
export const strikesToFail = 2;
export const strikeOf: Record<EngineDeath, number> = {
  engine_crashed: 1,
  engine_out_of_memory: 1,
  killed: 0.4,
};

/** The task that killed the engine gets this as its result. */
export function failGuilty(task: EngineTask, death: EngineDeath): void {
  const what = named(task);
  if (death === "engine_out_of_memory")
    task.fail(death, `${what} needs more memory than there is. Scan it again at 300 dpi or less.`);
  else task.fail("engine_crashed", `${what} crashed the engine more than once. ${again}`);
}

/** The task whose time was up gets this as its result. */
export function failLate(task: EngineTask, limitSeconds: number): void {
  const what = named(task);
  const remedy =
    task instanceof OpeningTask ? again : "Scan it again at 300 dpi or less, or raise PAGE_TIMEOUT_SECONDS.";
  task.fail("page_timeout", `${what} took more than ${limitSeconds} seconds. ${remedy}`);
}

const again = "Export or scan it again.";

function named(task: EngineTask): string {
  return task instanceof OpeningTask ? "Opening the document" : "Reading this page";
}
