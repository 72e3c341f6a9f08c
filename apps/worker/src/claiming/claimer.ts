import type { Lane } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import type { Claim, Queue } from "@quire/store";
import type { LanePrecedence } from "./lanePrecedence.ts";

/** How long this worker claims nothing after something that was its own fault; doubled each time, up to a minute. */
const pauseMs = { first: 1_000, most: 60_000 };

export interface ClaimerOptions {
  readonly queue: Queue;
  readonly precedence: LanePrecedence;
  /** How many documents of each lane are open now. */
  readonly open: () => Readonly<Record<Lane, number>>;
  /** Whether the memory, or the worker's age, allows another document. */
  readonly mayClaim: () => boolean;
  readonly onClaim: (claim: Claim) => void;
  readonly log: Logger;
}

/** Claims documents, as many as there is room for, one round at a time. */
export class Claimer {
  readonly #options: ClaimerOptions;
  #round: Promise<void> | null = null;
  #since: Date | null = null;
  #lastAt: Date | null = null;
  #wokenMeanwhile = false;
  #stopped = false;
  #pausedUntil = 0;
  #pauseMs = pauseMs.first;

  constructor(options: ClaimerOptions) {
    this.#options = options;
  }

  /** Since when a claim is being tried, or the round began; null between two rounds. A round may go on for long. */
  get since(): Date | null {
    return this.#since;
  }

  /** When the last round ended. */
  get lastAt(): Date | null {
    return this.#lastAt;
  }

  /** The round under way, or null. */
  get round(): Promise<void> | null {
    return this.#round;
  }

  /** Claims as much as there is room for. Called at every sign that there may be something. */
  wake(): Promise<void> {
    this.#wokenMeanwhile = this.#round !== null;
    this.#round ??= this.#claimWhileThereIsRoom().finally(() => {
      this.#round = null;
      this.#since = null;
      this.#lastAt = new Date();
    });
    return this.#round;
  }

  /** Claims nothing any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Claims nothing for a while, after something that was no document's fault. */
  pause(): void {
    if (performance.now() < this.#pausedUntil) return;
    this.#pausedUntil = performance.now() + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, pauseMs.most);
  }

  /** All is well: the next pause is short again. */
  forgetPauses(): void {
    this.#pauseMs = pauseMs.first;
  }

  async #claimWhileThereIsRoom(): Promise<void> {
    try {
      do {
        this.#wokenMeanwhile = false;
        this.#since = new Date();
        while (await this.#claimOne());
      } while (this.#wokenMeanwhile);
    } catch (error) {
      this.#options.log.warn({ error: describeError(error) }, "claiming failed, and is tried again");
    }
  }

  async #claimOne(): Promise<boolean> {
    const { queue, precedence, open, mayClaim, onClaim } = this.#options;
    if (this.#stopped || performance.now() < this.#pausedUntil || !mayClaim()) return false;
    for (const lane of precedence.claimable(open())) {
      const claim = await queue.claim(lane);
      if (!claim) continue;
      this.#since = new Date();
      precedence.claimed(lane);
      onClaim(claim);
      return true;
    }
    return false;
  }
}
