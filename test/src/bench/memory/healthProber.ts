import { get } from "node:http";
import { percentile } from "./percentile.ts";

const probeEveryMs = 100;
/** The platform's own patience with a health check (Render). */
const answerWithinMs = 5_000;

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

/** Asks a worker ten times a second how it is, as a platform does now and then. */
export class HealthProber {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  /** At most ten a second: some megabytes a day. */
  readonly #answerMs: number[] = [];
  #lastGoodMs: number | null = null;
  #badSince = false;
  #workerEnded = false;
  #longestGapMs = 0;
  #longestRestartMs = 0;
  #asking = false;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/health`;
    this.#timer = setInterval(() => void this.#probe(), probeEveryMs);
  }

  /** The worker's process has ended: until the next one answers nobody can. */
  noteEnd(): void {
    this.#workerEnded = true;
  }

  stop(): HealthFigures {
    clearInterval(this.#timer);
    if (this.#badSince) this.#endGap(performance.now());
    return {
      answers: this.#answerMs.length,
      p50Ms: percentile(this.#answerMs, 0.5),
      p99Ms: percentile(this.#answerMs, 0.99),
      maxMs: percentile(this.#answerMs, 1),
      longestGapSeconds: this.#longestGapMs / 1000,
      longestRestartSeconds: this.#longestRestartMs / 1000,
    };
  }

  /** One at a time: a worker that is slow to answer is not asked more often for it. */
  async #probe(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const askedMs = performance.now();
    const isGood = await answersWell(this.#url);
    const nowMs = performance.now();
    this.#asking = false;
    if (!isGood) {
      // Before the first good answer it is starting.
      this.#badSince = this.#lastGoodMs !== null;
      return;
    }
    this.#answerMs.push(nowMs - askedMs);
    if (this.#badSince) this.#endGap(nowMs);
    this.#lastGoodMs = nowMs;
    this.#badSince = false;
    this.#workerEnded = false;
  }

  #endGap(nowMs: number): void {
    const gapMs = nowMs - (this.#lastGoodMs ?? nowMs);
    if (this.#workerEnded) this.#longestRestartMs = Math.max(this.#longestRestartMs, gapMs);
    else this.#longestGapMs = Math.max(this.#longestGapMs, gapMs);
  }
}

function answersWell(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { signal: AbortSignal.timeout(answerWithinMs) }, (response) => {
      response.on("end", () => resolve(response.statusCode === 200));
      response.on("error", () => resolve(false));
      response.resume();
    });
    request.on("error", () => resolve(false));
  });
}
