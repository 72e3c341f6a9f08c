import type { MemoryReading } from "@quire/memory";
import type { EngineDeath } from "./engineProcess.ts";
import { type EngineTask, OpeningTask } from "./engineTask.ts";

/** Why we kill an engine: a page is past its time, nothing moves, or the memory is all but full. */
export type Killing =
  | { readonly reason: "page_timeout"; readonly task: EngineTask }
  | { readonly reason: "no_progress" }
  /** `isItsDoing`: the engine holds most of what is used. */
  | { readonly reason: "critical"; readonly reading: MemoryReading; readonly isItsDoing: boolean };
export type KillReason = Killing["reason"];

/** An engine's end: how it died, and why we killed it if we did. */
export interface Ending {
  readonly death: EngineDeath;
  readonly killing: Killing | null;
  /** It had nothing but this one task. */
  readonly alone: boolean;
  readonly pageTimeoutSeconds: number;
}

/** What is to be done with a task that the dead engine had: nothing more, do it again, or do it again alone. */
export type Verdict = "settled" | "again" | "suspect";

/**
 * A page, or an opening, that kills the engine alone, twice, is guilty. An engine that was killed from outside while
 * it had nothing but this to do is weak evidence: only the fifth such death settles it.
 */
const strikesToFail = 2;
const strikeOf: Record<Exclude<EngineDeath, "engine_out_of_memory">, number> = {
  engine_crashed: 1,
  killed: 0.4,
};

/**
 * What was under way when the memory was at its limit is done again, alone; if that happens once more, at a lower
 * resolution; and if even so, it is failed.
 */
export const pressuresToReduce = 2;
const pressuresToFail = 3;
/** Memory that others hold is nobody's fault, but a page that meets it again and again had better be read alone. */
const bystandingToSuspect = 2;

/** Judges a task that an engine had when it died. */
export function judge(task: EngineTask, ending: Ending): Verdict {
  if (task.settle()) return "settled";
  const { death, killing, alone, pageTimeoutSeconds } = ending;
  // One that was at other pages, to choose languages by, has not had its own time.
  if (killing?.reason === "page_timeout" && killing.task === task && task.stage !== "choosing") {
    failLate(task, pageTimeoutSeconds);
    return "settled";
  }
  const isForMemory = killing?.reason === "critical" && killing.isItsDoing;
  if (killing?.reason === "critical" && !isForMemory && ++task.bystanding >= bystandingToSuspect)
    return "suspect";
  // An engine killed for another's sake died of nobody else.
  if (killing && !isForMemory) return task.suspect ? "suspect" : "again";
  if (isForMemory || death === "engine_out_of_memory") {
    task.needsFreshEngine = true;
    if (++task.pressures < pressuresToFail) return "suspect";
    failTooLarge(task, isForMemory ? killing.reading : null);
    return "settled";
  }
  if (alone) task.strikes += strikeOf[death];
  if (task.strikes < strikesToFail) return "suspect";
  task.fail("engine_crashed", `${named(task)} crashed the engine more than once. ${again}`);
  return "settled";
}

/** @param reading how the memory stood, if that is known */
function failTooLarge(task: EngineTask, reading: MemoryReading | null): void {
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

function failLate(task: EngineTask, limitSeconds: number): void {
  const remedy =
    task instanceof OpeningTask ? again : "Scan it again at 300 dpi or less, or raise PAGE_TIMEOUT_SECONDS.";
  task.fail("page_timeout", `${named(task)} took more than ${limitSeconds} seconds. ${remedy}`);
}

const again = "Export or scan it again.";

function named(task: EngineTask): string {
  return task instanceof OpeningTask ? "Opening the document" : "Reading this page";
}
