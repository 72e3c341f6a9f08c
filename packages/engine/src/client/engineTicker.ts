import type { EngineClock } from "./enginePorts.ts";
import type { ProcessSuccession } from "./processSuccession.ts";

const tickMs = 250;
/** Loading takes one to three seconds; one that takes this long will not come. */
const startWithinMs = 60_000;

export interface TickerOptions {
  readonly clock: EngineClock;
  readonly succession: ProcessSuccession;
  readonly pageTimeoutMs: number;
  /** Whether there is anything whose time matters. */
  readonly isNeeded: () => boolean;
  readonly onSuccessorGivenUp: () => void;
}

/** Ends what takes too long: a page, a start, a successor. It stands still while there is nothing to do. */
export class EngineTicker {
  readonly #options: TickerOptions;
  #stop: (() => void) | null = null;
  #lastTick = 0;

  constructor(options: TickerOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stop) return;
    const { clock } = this.#options;
    this.#lastTick = clock.now();
    this.#stop = clock.every(tickMs, () => this.#tick());
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #tick(): void {
    const { clock, succession, pageTimeoutMs, isNeeded, onSuccessorGivenUp } = this.#options;
    const now = clock.now();
    const elapsedMs = now - this.#lastTick;
    this.#lastTick = now;
    if (!succession.next && !isNeeded()) {
      this.stop();
      return;
    }
    if (succession.giveUpHungNext(startWithinMs)) onSuccessorGivenUp();
    const { current } = succession;
    if (current && !current.ready && current.ageMs > startWithinMs) current.killHung();
    for (const session of succession.all) {
      const late = session.advance(elapsedMs, pageTimeoutMs);
      if (late) session.kill({ reason: "page_timeout", task: late });
    }
  }
}
