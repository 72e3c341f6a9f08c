import { type DeliveriesWaiting, type DeliveryOutcome, deliveryOutcomes } from "@quire/store";
import type { Instruments } from "./instruments.ts";
import { holdsSeconds } from "./queueGauges.ts";

/** Deliveries of webhooks: what became of them, and how many wait, as the database last told. */
export class DeliveryMetrics {
  readonly #settled;
  readonly #waiting;
  #setAt: Date | null = null;

  constructor(make: Instruments) {
    this.#settled = make.counter("webhook_deliveries_total", "Attempts to deliver a webhook, by outcome.", {
      outcome: deliveryOutcomes,
    });
    this.#waiting = make.gauge(
      "webhook_deliveries_waiting",
      "Deliveries that wait: due now, or for a later attempt; absent while unknown.",
      ["when"],
    );
  }

  delivered(outcome: DeliveryOutcome): void {
    this.#settled.inc({ outcome });
  }

  setWaiting(waiting: DeliveriesWaiting | null, now: Date): void {
    this.#forget();
    if (waiting === null) return;
    this.#setAt = now;
    this.#waiting.set({ when: "due" }, waiting.due);
    this.#waiting.set({ when: "later" }, waiting.later);
  }

  forgetOld(now: Date): void {
    if (this.#setAt !== null && now.getTime() - this.#setAt.getTime() >= holdsSeconds * 1000) this.#forget();
  }

  #forget(): void {
    this.#setAt = null;
    this.#waiting.reset();
  }
}
