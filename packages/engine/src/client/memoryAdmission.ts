import { freeBytes, type MemoryReading } from "@quire/memory";
import type { EnginePorts } from "./enginePorts.ts";
import { engineCosts } from "./engineSettings.ts";

/** Pages may begin faster than reading the memory is worth; what they leave behind meanwhile is counted. */
const readingHoldsMs = 100;
/** Growth of less than this, over all pages under way, is noise. */
const minGrowthBytes = 1_000_000;

/** Whether another page may begin: now, when those under way are done, or only in a fresh engine. */
export type Admission = "now" | "later" | "fresh_engine";

/** Decides what there is memory for: another process, another page. */
export class MemoryAdmission {
  readonly #gauge: EnginePorts["gauge"];
  readonly #clock: EnginePorts["clock"];
  #memoryReading: { readonly reading: MemoryReading; readonly at: number } | null = null;
  #held = false;

  constructor({ gauge, clock }: Pick<EnginePorts, "gauge" | "clock">) {
    this.#gauge = gauge;
    this.#clock = clock;
  }

  /** No engine may be started: the memory is all but full. */
  get isHeld(): boolean {
    return this.#held;
  }

  hold(): void {
    this.#held = true;
  }

  /** @returns whether it was held */
  release(): boolean {
    const wasHeld = this.#held;
    this.#held = false;
    return wasHeld;
  }

  /** Whether so many bytes are free below the watermark at which the engine would be replaced. */
  hasRoomFor(bytes: number): boolean {
    return bytes <= this.#freeBytes();
  }

  /**
   * Whether what each page has lately left behind in the engine fits once more, for those under way too.
   *
   * @param growthBytes what each page leaves behind
   * @param tasks how many are under way, of at most `maxTasks`
   */
  admitPage(growthBytes: number, tasks: number, maxTasks: number): Admission {
    if (growthBytes * maxTasks < minGrowthBytes) return "now";
    const free = this.#freeBytes();
    if (growthBytes * (tasks + 1) <= free) return "now";
    // Even after those under way, it would hardly fit.
    return growthBytes + engineCosts.idle > free ? "fresh_engine" : "later";
  }

  /** Read afresh. */
  read(): MemoryReading {
    return this.#gauge.read();
  }

  #freeBytes(): number {
    const now = this.#clock.now();
    if (!this.#memoryReading || now - this.#memoryReading.at > readingHoldsMs)
      this.#memoryReading = { reading: this.read(), at: now };
    return freeBytes(this.#memoryReading.reading);
  }
}
