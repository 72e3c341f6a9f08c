/** How a worker stands, in one word: the most serious that holds. */
export const workerStatuses = ["broken", "draining", "starting", "database_away", "pressure", "ok"] as const;
export type WorkerStatus = (typeof workerStatuses)[number];

/**
 * Why a worker claims nothing. `broken`: starting it afresh is what helps, so that `/health` says 503 and not only
 * `/ready`; `whileDraining`: also of one that is leaving and claims no more. docs/operations.md says what to do about
 * each; a test compares the two.
 */
export const reasons = {
  event_loop_stalled: { broken: true, whileDraining: true },
  memory_stays_critical: { broken: true, whileDraining: true },
  claiming_stuck: { broken: true, whileDraining: false },
  engine_cannot_start: { broken: true, whileDraining: false },
  database_never_reached: { broken: true, whileDraining: false },
  draining: { broken: false, whileDraining: true },
  starting: { broken: false, whileDraining: false },
  database_away: { broken: false, whileDraining: true },
  memory_pressure: { broken: false, whileDraining: true },
} as const satisfies Record<string, { broken: boolean; whileDraining: boolean }>;
export type ReasonCode = keyof typeof reasons;

export interface Reason {
  readonly code: ReasonCode;
  /** For a person: what was found, with its figures and bounds. */
  readonly message: string;
}
