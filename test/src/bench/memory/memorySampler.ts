import { closeSync, openSync, writeSync } from "node:fs";
import type { Confinement } from "./confinement.ts";

const sampleEveryMs = 50;

/** One second of samples: kept instead of them, so that the benchmark's own memory hardly grows. */
export interface MemorySecond {
  /** Since the start, in seconds. */
  readonly second: number;
  readonly meanBytes: number;
  readonly maxBytes: number;
}

export interface MemorySeries {
  readonly startedAt: Date;
  readonly seconds: readonly MemorySecond[];
  readonly peakBytes: number;
  /** The longest time between two samples: a peak shorter than this may have been missed. */
  readonly longestGapMs: number;
}

/** Watches the memory of what is confined until it is stopped; every sample goes to a file, a JSON line each. */
export class MemorySampler {
  readonly #confinement: Confinement;
  readonly #file: number;
  readonly #startedAt = new Date();
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #seconds: MemorySecond[] = [];
  #second = 0;
  #sumBytes = 0;
  #count = 0;
  #maxBytes = 0;
  #peakBytes = 0;
  #recentPeakBytes = 0;
  #longestGapMs = 0;
  #lastSampleMs = performance.now();

  constructor(confinement: Confinement, rawPath: string) {
    this.#confinement = confinement;
    this.#file = openSync(rawPath, "w");
    this.#timer = setInterval(() => this.#sample(), sampleEveryMs);
  }

  /** The highest count, in bytes, since the start or since this was last asked for. */
  takePeakBytes(): number {
    const peak = this.#recentPeakBytes;
    this.#recentPeakBytes = 0;
    return peak;
  }

  stop(): MemorySeries {
    clearInterval(this.#timer);
    this.#endSecond();
    closeSync(this.#file);
    return {
      startedAt: this.#startedAt,
      seconds: this.#seconds,
      peakBytes: this.#peakBytes,
      longestGapMs: this.#longestGapMs,
    };
  }

  #sample(): void {
    const nowMs = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#lastSampleMs);
    this.#lastSampleMs = nowMs;
    const bytes = this.#confinement.usedBytes();
    const atMs = Math.round(nowMs - this.#startedMs);
    writeSync(this.#file, `${JSON.stringify({ atMs, bytes })}\n`);
    const second = Math.floor(atMs / 1000);
    if (second !== this.#second) this.#endSecond();
    this.#second = second;
    this.#sumBytes += bytes;
    this.#count++;
    this.#maxBytes = Math.max(this.#maxBytes, bytes);
    this.#peakBytes = Math.max(this.#peakBytes, bytes);
    this.#recentPeakBytes = Math.max(this.#recentPeakBytes, bytes);
  }

  #endSecond(): void {
    if (this.#count === 0) return;
    const meanBytes = this.#sumBytes / this.#count;
    this.#seconds.push({ second: this.#second, meanBytes, maxBytes: this.#maxBytes });
    this.#sumBytes = 0;
    this.#count = 0;
    this.#maxBytes = 0;
  }
}
