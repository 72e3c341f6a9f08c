import type { MemoryReading } from "@quire/memory";
import type { EngineDeath } from "./enginePorts.ts";
import type { EngineTask } from "./engineTask.ts";

/** Why we kill an engine: a page is past its time, nothing moves, or the memory is all but full. */
export type Killing =
  | { readonly reason: "page_timeout"; readonly task: EngineTask }
  | { readonly reason: "no_progress" }
  /** `engineIsLargest`: the engine holds most of what is used. */
  | { readonly reason: "critical"; readonly reading: MemoryReading; readonly engineIsLargest: boolean };
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
const crashesToFail = 2;
const crashWeight: Record<Exclude<EngineDeath, "engine_out_of_memory">, number> = {
  engine_crashed: 1,
  killed: 0.4,
};

/**
 * What was under way when the memory was at its limit is done again, alone; if that happens once more, at a lower
 * resolution; and if even so, it is failed.
 */
const pressuresToReduce = 2;
const pressuresToFail = 3;
/** Memory that others hold is nobody's fault, but a page that meets it again and again had better be read alone. */
const externalKillsToSuspect = 2;

/** Judges a task that an engine had when it died. */
export function judge(task: EngineTask, ending: Ending): Verdict {
  if (task.settle()) return "settled";
  const { death, killing, alone, pageTimeoutSeconds } = ending;
  // One that was at other pages, to choose languages by, has not had its own time.
  if (killing?.reason === "page_timeout" && killing.task === task) {
    failLate(task, pageTimeoutSeconds);
    return "settled";
  }
  const filledMemory = killing?.reason === "critical" && killing.engineIsLargest;
  if (killing?.reason === "critical" && !filledMemory) {
    task.externalMemoryKills++;
    if (task.externalMemoryKills >= externalKillsToSuspect) return "suspect";
  }
  // An engine that we killed for another reason says nothing about this task.
  if (killing && !filledMemory) return task.suspect ? "suspect" : "again";
  if (filledMemory) return judgePressure(task, killing.reading);
  if (death === "engine_out_of_memory") return judgePressure(task, null);
  if (alone) task.crashCount += crashWeight[death];
  if (task.crashCount < crashesToFail) return "suspect";
  task.fail("engine_crashed", `${named(task)} crashed the engine more than once. ${again}`);
  return "settled";
}

/** @param reading how full the memory was, if that is known */
function judgePressure(task: EngineTask, reading: MemoryReading | null): Verdict {
  task.needsFreshEngine = true;
  task.memoryPressures++;
  task.reduced = task.memoryPressures >= pressuresToReduce;
  if (task.memoryPressures < pressuresToFail) return "suspect";
  failTooLarge(task, reading);
  return "settled";
}

/**
 * Judges a page for which the engine has no memory free: its turn is when there are no others. One that was alone
 * already will never fit.
 */
export function judgeInsufficientMemory(task: EngineTask): Verdict {
  task.needsFreshEngine = true;
  if (!task.suspect) return "suspect";
  failTooLarge(task, null);
  return "settled";
}

/** @param reading how full the memory was, if that is known */
function failTooLarge(task: EngineTask, reading: MemoryReading | null): void {
  const megabytes = (bytes: number) => Math.round(bytes / 1_000_000);
  const use = reading
    ? ` (${megabytes(reading.usedBytes)} MB were in use of ${megabytes(reading.limitBytes)} MB)`
    : "";
  const code = task.kind === "opening" ? "engine_out_of_memory" : "page_out_of_memory";
  task.fail(
    code,
    `${named(task)} needs more memory than is available, even alone${use}. Scan it again at 300 dpi or less, or raise the memory limit.`,
  );
}

function failLate(task: EngineTask, limitSeconds: number): void {
  const remedy =
    task.kind === "opening" ? again : "Scan it again at 300 dpi or less, or raise PAGE_TIMEOUT_SECONDS.";
  task.fail("page_timeout", `${named(task)} took more than ${limitSeconds} seconds. ${remedy}`);
}

const again = "Export or scan it again.";

function named(task: EngineTask): string {
  return task.kind === "opening" ? "Opening the document" : "Reading this page";
}
