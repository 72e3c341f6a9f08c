import { type Lane, lanes } from "@quire/core";
import type { Concurrency } from "./concurrency.ts";

/** So many claims in a row may pass by a larger document that waits: then it is asked for first. */
const passesAtMost = 10;

/**
 * Which lanes a worker may claim from, in the order of precedence: small before medium before large. Two exceptions
 * keep anybody from waiting for ever: the larger lanes leave one place to small documents, and after ten claims
 * the order is turned round once.
 */
export class LanePrecedence {
  readonly #concurrency: Concurrency;
  #passes = 0;

  constructor(concurrency: Concurrency) {
    this.#concurrency = concurrency;
  }

  /** @param open how many documents of each lane are being read */
  claimable(open: Readonly<Record<Lane, number>>): Lane[] {
    const { total, lanes: limits } = this.#concurrency;
    const larger = open.medium + open.large;
    if (open.small + larger >= total) return [];
    const leftForLarger = Math.max(1, total - 1) - larger;
    const free = lanes.filter((lane) => open[lane] < limits[lane] && (lane === "small" || leftForLarger > 0));
    return this.#passes >= passesAtMost ? free.toReversed() : free;
  }

  claimed(lane: Lane): void {
    this.#passes = lane === "small" ? this.#passes + 1 : 0;
  }
}
