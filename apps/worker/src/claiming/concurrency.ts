import { type Lane, lanes, type WorkerConfig } from "@quire/core";

export interface Concurrency {
  /** Documents open at once. */
  readonly total: number;
  readonly lanes: Readonly<Record<Lane, number>>;
}

/** Beyond this many, documents only share the same OCR threads: each waits longer and holds memory meanwhile. */
export const mostByDefault = 5;
/** With two, a small document is read beside a large one. */
export const leastByDefault = 2;

/** How many documents are read at once: what was asked for, else what the memory bears. */
export function concurrencyOf(config: WorkerConfig, bearable: number): Concurrency {
  const byDefault = Math.max(leastByDefault, Math.min(mostByDefault, bearable));
  const total = config.concurrency ?? byDefault;
  const limits = lanes.map((lane) => [lane, Math.min(total, config.laneConcurrency[lane])]);
  return { total, lanes: Object.fromEntries(limits) as Record<Lane, number> };
}
