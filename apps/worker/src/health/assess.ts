import { type Reason, type ReasonCode, reasons, type WorkerStatus } from "./reasons.ts";
import type { Vitals } from "./vitals.ts";

export interface Assessment {
  readonly status: WorkerStatus;
  /** False: only a fresh process helps. */
  readonly healthy: boolean;
  /** False: it takes no new documents. */
  readonly ready: boolean;
  /** Why not, the most serious first; empty while all is well. */
  readonly reasons: readonly Reason[];
}

/** From when on what does not move is taken for stuck. A bound counts from the moment it is reached. */
export const assessmentBounds = {
  /**
   * A statement may take 30 s (an answer is waited for 40 s) and is tried again for 45 s, so that a round that is only
   * slow comes to its end within two minutes; a round that waits for its turn is due every `POLL_SECONDS`.
   */
  claimingSeconds: 300,
  /** Memory is sampled every second: so long without while we answer, and timers do not run. */
  sampleSeconds: 30,
  /** The engine is killed at once when memory turns critical, and gone within seconds: then it was not the engine. */
  criticalSeconds: 60,
} as const;

/** Judges how a worker stands at `now`. */
export function assess(vitals: Vitals, now: Date): Assessment {
  const draining = vitals.phase === "draining";
  const holds = findings(vitals, now).filter(({ code }) => !draining || reasons[code].whileDraining);
  const healthy = !holds.some(({ code }) => reasons[code].broken);
  return { status: statusOf(vitals, holds, healthy), healthy, ready: holds.length === 0, reasons: holds };
}

function statusOf(vitals: Vitals, holds: readonly Reason[], healthy: boolean): WorkerStatus {
  const has = (code: ReasonCode) => holds.some((reason) => reason.code === code);
  // A worker that has not reached the database yet is on its way: the most common first minute of a deploy.
  const onItsWay = vitals.phase === "starting" && holds.every(({ code }) => onTheWay.includes(code));
  if (onItsWay) return "starting";
  if (!healthy) return "broken";
  if (has("draining")) return "draining";
  if (has("starting")) return "starting";
  if (has("database_away")) return "database_away";
  return has("memory_pressure") ? "pressure" : "ok";
}

const onTheWay: readonly ReasonCode[] = ["starting", "database_never_reached", "database_away"];

function findings(vitals: Vitals, now: Date): Reason[] {
  const found: Record<ReasonCode, string | null> = {
    event_loop_stalled: eventLoopStalled(vitals, now),
    memory_stays_critical: memoryStaysCritical(vitals, now),
    claiming_stuck: claimingStuck(vitals, now),
    engine_cannot_start: vitals.engine.cannotStart
      ? "The engine died again and again before it was ready."
      : null,
    database_never_reached:
      vitals.database.reachedAt === null ? "The database has not been reached since the start." : null,
    draining: vitals.phase === "draining" ? "The worker is leaving: it finishes what it has." : null,
    starting: vitals.phase === "starting" ? "The worker is starting." : null,
    database_away: databaseAway(vitals, now),
    memory_pressure: memoryPressure(vitals),
  };
  const codes = Object.keys(reasons) as ReasonCode[];
  return codes.flatMap((code) => {
    const message = found[code];
    return message === null ? [] : [{ code, message }];
  });
}

function eventLoopStalled({ memory }: Vitals, now: Date): string | null {
  const ageSeconds = secondsBetween(memory.sampledAt, now);
  if (ageSeconds < assessmentBounds.sampleSeconds) return null;
  return `Timers do not run: memory was last sampled ${whole(ageSeconds)} s ago, which is due every second.`;
}

function memoryStaysCritical({ memory }: Vitals, now: Date): string | null {
  const { level, since, engineKilledAt } = memory;
  const killed = engineKilledAt !== null && engineKilledAt >= since;
  const heldSeconds = secondsBetween(since, now);
  if (level !== "critical" || !killed || heldSeconds < assessmentBounds.criticalSeconds) return null;
  return `Memory has been critical for ${whole(heldSeconds)} s (now ${percent(memory.share)} of its limit), although the engine was killed.`;
}

function claimingStuck({ claiming, phase }: Vitals, now: Date): string | null {
  const { since, lastAt, everySeconds } = claiming;
  const { claimingSeconds } = assessmentBounds;
  if (since !== null) {
    const lastsSeconds = secondsBetween(since, now);
    if (lastsSeconds < claimingSeconds) return null;
    return `One round of claiming has lasted ${whole(lastsSeconds)} s; the bound is ${claimingSeconds} s.`;
  }
  if (phase !== "running" || lastAt === null) return null;
  const idleSeconds = secondsBetween(lastAt, now);
  if (idleSeconds < everySeconds + claimingSeconds) return null;
  return `No round of claiming for ${whole(idleSeconds)} s, which is due every ${everySeconds} s.`;
}

function databaseAway({ database }: Vitals, now: Date): string | null {
  if (database.awaySince === null) return null;
  return `The database has not answered for ${whole(secondsBetween(database.awaySince, now))} s.`;
}

function memoryPressure({ memory }: Vitals): string | null {
  if (memory.level === "normal") return null;
  return `Memory is ${memory.level} at ${percent(memory.share)} of its limit: no new documents.`;
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

const whole = (seconds: number) => Math.floor(seconds);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
