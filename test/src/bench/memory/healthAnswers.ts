import { percentile } from "./percentile.ts";

export interface HealthFigures {
  readonly answers: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
  /** The longest time between two good answers with a bad one or none between them, and no end of the worker. */
  readonly longestGapSeconds: number;
  /** The same, while one worker followed another. */
  readonly longestRestartSeconds: number;
}

/** How a worker answered over time. Times are in milliseconds of one clock. */
export class HealthAnswers {
  /** At most ten a second: some megabytes a day. */
  readonly #answerMs: number[] = [];
  #lastGoodMs: number | null = null;
  #inGap = false;
  #workerEnded = false;
  #longestGapMs = 0;
  #longestRestartMs = 0;

  /** The worker's process has ended: until the next one answers nobody can. */
  noteEnd(): void {
    this.#workerEnded = true;
  }

  noteGood(askedMs: number, answeredMs: number): void {
    this.#answerMs.push(answeredMs - askedMs);
    this.#endGap(answeredMs);
    this.#lastGoodMs = answeredMs;
    this.#workerEnded = false;
  }

  noteBad(): void {
    // Before the first good answer it is starting.
    this.#inGap = this.#lastGoodMs !== null;
  }

  /** @param nowMs when the watch ends, which also ends a gap */
  figures(nowMs: number): HealthFigures {
    this.#endGap(nowMs);
    return {
      answers: this.#answerMs.length,
      p50Ms: percentile(this.#answerMs, 0.5),
      p99Ms: percentile(this.#answerMs, 0.99),
      maxMs: percentile(this.#answerMs, 1),
      longestGapSeconds: this.#longestGapMs / 1000,
      longestRestartSeconds: this.#longestRestartMs / 1000,
    };
  }

  #endGap(nowMs: number): void {
    if (!this.#inGap || this.#lastGoodMs === null) return;
    const gapMs = nowMs - this.#lastGoodMs;
    if (this.#workerEnded) this.#longestRestartMs = Math.max(this.#longestRestartMs, gapMs);
    else this.#longestGapMs = Math.max(this.#longestGapMs, gapMs);
    this.#inGap = false;
  }
}
