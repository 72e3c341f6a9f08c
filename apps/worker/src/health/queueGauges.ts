import { type Lane, lanes } from "@quire/core";
import type { Instruments } from "./instruments.ts";

/** What waits in each lane, and how long the oldest of it has waited; null where none waits. */
export type QueueDepth = Readonly<
  Record<Lane, { readonly waiting: number; readonly oldestAgeSeconds: number | null }>
>;

/** It is looked at once a minute; a figure that was missed twice says nothing any more. */
export const holdsSeconds = 150;

/** The queue as the database last told it. A figure that may be wrong is not told: the series is absent. */
export class QueueGauges {
  readonly #waiting;
  readonly #oldest;
  #setAt: Date | null = null;

  constructor(make: Instruments) {
    this.#waiting = make.gauge("queue_documents", "Documents that wait; absent while unknown.", ["lane"]);
    this.#oldest = make.gauge(
      "queue_oldest_age_seconds",
      "How long the oldest of them has waited, 0 where none waits; absent while unknown.",
      ["lane"],
    );
  }

  set(depth: QueueDepth | null, now: Date): void {
    this.#forget();
    if (depth === null) return;
    this.#setAt = now;
    for (const lane of lanes) {
      this.#waiting.set({ lane }, depth[lane].waiting);
      this.#oldest.set({ lane }, depth[lane].oldestAgeSeconds ?? 0);
    }
  }

  forgetOld(now: Date): void {
    if (this.#setAt !== null && now.getTime() - this.#setAt.getTime() >= holdsSeconds * 1000) this.#forget();
  }

  #forget(): void {
    this.#setAt = null;
    this.#waiting.reset();
    this.#oldest.reset();
  }
}
