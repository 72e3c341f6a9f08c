import type { RestartConfig } from "@quire/core";
import type { RestartReason } from "./health/events.ts";

const hourMs = 3_600_000;
const minuteMs = 60_000;

/**
 * When this worker is old enough to leave and be started afresh. Its bounds are its own: each of a fleet differs from
 * the others by up to `RESTART_JITTER`, so that they do not leave together.
 */
export class RestartPlan {
  readonly #afterJobs: number;
  readonly #afterMs: number;
  readonly #minUptimeMs: number;
  readonly #startedAt = performance.now();

  /** @param random one number of 0 to 1 for each bound */
  constructor(config: RestartConfig, random: () => number = Math.random) {
    const jittered = (bound: number) => bound * (1 + config.jitter * (2 * random() - 1));
    const orNever = (bound: number) => (bound > 0 ? bound : Number.POSITIVE_INFINITY);
    this.#afterJobs = orNever(config.afterJobs && Math.max(1, Math.round(jittered(config.afterJobs))));
    this.#afterMs = orNever(jittered(config.afterHours) * hourMs);
    this.#minUptimeMs = config.minUptimeMinutes * minuteMs;
  }

  /** Why it is time to leave; null if it is not. */
  due(jobs: number): RestartReason | null {
    if (!this.mayLeave) return null;
    if (jobs >= this.#afterJobs) return "after_jobs";
    return this.#uptimeMs >= this.#afterMs ? "after_hours" : null;
  }

  /** Whether it has run long enough to leave for any reason. */
  get mayLeave(): boolean {
    return this.#uptimeMs >= this.#minUptimeMs;
  }

  /** What is left of each bound; null where there is none. */
  left(jobs: number): { readonly jobsLeft: number | null; readonly hoursLeft: number | null } {
    const finite = (left: number) => (Number.isFinite(left) ? Math.max(0, left) : null);
    return {
      jobsLeft: finite(this.#afterJobs - jobs),
      hoursLeft: finite((this.#afterMs - this.#uptimeMs) / hourMs),
    };
  }

  get #uptimeMs(): number {
    return performance.now() - this.#startedAt;
  }
}
