import { type MemoryLevel, nextLevel } from "./levels.ts";
import type { MemoryReading } from "./memoryGauge.ts";

export interface MemorySample extends MemoryReading {
  readonly at: Date;
  readonly level: MemoryLevel;
}

/** Ten minutes of samples: enough to see what came before a trouble. */
const samplesKept = 600;

/** The latest samples of the memory, and the level they come to. Whoever owns it decides when to sample. */
export class MemoryMonitor {
  readonly #gauge: { read(): MemoryReading };
  readonly #samples: MemorySample[] = [];
  #next = 0;
  #level: MemoryLevel = "normal";

  constructor(gauge: { read(): MemoryReading }) {
    this.#gauge = gauge;
  }

  get level(): MemoryLevel {
    return this.#level;
  }

  /** The newest sample; null before the first. */
  get latest(): MemorySample | null {
    const newest = this.#samples.length < samplesKept ? this.#samples.length - 1 : this.#next - 1;
    return this.#samples.at(newest) ?? null;
  }

  get fill(): { readonly used: number; readonly limit: number } {
    return { used: this.#samples.length, limit: samplesKept };
  }

  /** From the oldest to the newest, at most the last ten minutes at one a second. */
  get samples(): MemorySample[] {
    return [...this.#samples.slice(this.#next), ...this.#samples.slice(0, this.#next)];
  }

  sample(): MemorySample {
    const reading = this.#gauge.read();
    this.#level = nextLevel(this.#level, reading.share);
    const sample = { ...reading, at: new Date(), level: this.#level };
    this.#samples[this.#next] = sample;
    this.#next = (this.#next + 1) % samplesKept;
    return sample;
  }
}
