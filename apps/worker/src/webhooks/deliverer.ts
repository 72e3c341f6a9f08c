import type { Logger } from "@quire/core/log";
import {
  Deliveries,
  type DeliveriesWaiting,
  type Delivery,
  type DeliveryOutcome,
  type DeliveryTaker,
  type Queue,
} from "@quire/store";
import type { ReceiverRules } from "./receiver.ts";
import { send } from "./send.ts";

/**
 * Deliveries under way at once. Half of the places are closed to webhooks whose last delivery failed, so that dead
 * targets, however many, leave the others room; and to one target goes one at a time.
 */
const places = { forAll: 2, forHealthy: 2 };
/**
 * A delivery is told of when it is queued, to the places for those that are well; this is for all others, whose time comes
 * later. Where many are put off, asking for one that is due is dear: 0.15 s of the database with 99,000 of them.
 */
const defaultPollSeconds = 10;

export interface DelivererOptions extends ReceiverRules {
  readonly queue: Queue;
  readonly log: Logger;
  readonly onOutcome: (outcome: DeliveryOutcome) => void;
  /** In tests: less time for one. */
  readonly withinMs?: number;
  /** In tests: more often. */
  readonly pollSeconds?: number;
}

/** Delivers webhooks, beside the documents: it costs statements of a millisecond, and no connection of its own. */
export class Deliverer implements DeliveryTaker {
  readonly #options: DelivererOptions;
  readonly #deliveries: Deliveries;
  readonly #closing = new AbortController();
  readonly #wakes: (() => void)[] = [];
  #underWay = 0;

  private constructor(options: DelivererOptions) {
    this.#options = options;
    this.#deliveries = new Deliveries(options.queue.database, options.queue.boss);
  }

  static async start(options: DelivererOptions): Promise<Deliverer> {
    const deliverer = new Deliverer(options);
    const { forAll, forHealthy } = places;
    const { pollSeconds = defaultPollSeconds } = options;
    for (let place = 0; place < forAll + forHealthy; place++) {
      const failingToo = place < forAll;
      const wake = await deliverer.#deliveries.take(deliverer, { failingToo, pollSeconds });
      if (!failingToo) deliverer.#wakes.push(wake);
    }
    return deliverer;
  }

  /** How many places are taken. */
  get fill() {
    return {
      name: "webhook_deliveries",
      used: this.#underWay,
      limit: places.forAll + places.forHealthy,
    } as const;
  }

  /** Something was queued. */
  wake(): void {
    for (const wake of this.#wakes) wake();
  }

  waiting(): Promise<DeliveriesWaiting> {
    return this.#deliveries.waiting();
  }

  async attempt(delivery: Delivery) {
    this.#underWay++;
    // Several may have fetched for one target at once: all but one had to put theirs back, and may look for others' now.
    this.wake();
    try {
      return await send(delivery, { ...this.#options, signal: this.#closing.signal });
    } finally {
      this.#underWay--;
    }
  }

  settled(
    outcome: DeliveryOutcome,
    { messageId, webhookId }: Pick<Delivery, "messageId" | "webhookId">,
  ): void {
    const { log, onOutcome } = this.#options;
    onOutcome(outcome);
    const isTrouble = outcome === "disabled" || outcome === "given_up";
    log[isTrouble ? "warn" : "debug"](
      { outcome, message: messageId, webhook: webhookId },
      "webhook delivery",
    );
  }

  /** Takes no more. What is under way is broken off, and tried again by another worker or the next one. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#deliveries.stop();
  }
}
