/** Over how long the speed is measured: long enough not to flicker, short enough to follow a change. */
const windowMs = 8_000;
/** Below this nothing can be told yet. */
const minSpanMs = 1_000;

/** How fast an upload goes, over the last seconds. */
export class Speed {
  #samples: { atMs: number; bytes: number }[] = [];

  add(atMs: number, bytes: number): void {
    this.#samples.push({ atMs, bytes });
    while ((this.#samples[0]?.atMs ?? atMs) < atMs - windowMs) {
      this.#samples.shift();
    }
  }

  /** After a pause or a retry what went before says nothing. */
  forget(): void {
    this.#samples = [];
  }

  /** Null until it can be told. */
  get bytesPerSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.atMs - first.atMs < minSpanMs || last.bytes <= first.bytes) {
      return null;
    }
    return ((last.bytes - first.bytes) * 1_000) / (last.atMs - first.atMs);
  }
}
