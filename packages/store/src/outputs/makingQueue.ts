import { QuireError } from "@quire/core";

/** Those that wait: as many as are asked for within a minute, each of some seconds. */
const maxWaiting = 20;

interface Making<Result> {
  readonly done: Promise<Result>;
}

/**
 * Things that are made one at a time, in the order in which they are asked for; what is asked for twice at once is made
 * once. Each waits, is being made, and is forgotten, whatever came of it.
 */
export class MakingQueue<Result> {
  readonly #makings = new Map<string, Making<Result>>();
  readonly #closing = new AbortController();
  /** Resolves when all that was asked for so far is through. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param key of what is made
   * @param waitMs how long to wait for it; it is made all the same
   * @throws QuireError `output_busy` if too many wait, or it is not there in time; what `make` throws
   */
  async run(key: string, waitMs: number, make: (closing: AbortSignal) => Promise<Result>): Promise<Result> {
    const { done } = this.#makings.get(key) ?? this.#begin(key, make);
    if (waitMs === Number.POSITIVE_INFINITY) return done;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(stillMaking()), waitMs);
    try {
      return await Promise.race([done, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends what is being made, refuses what waits, and resolves when all is through. */
  async close(): Promise<void> {
    this.#closing.abort(new QuireError("output_busy", "Quire is being stopped. Ask again in a moment."));
    await this.#last;
  }

  #begin(key: string, make: (closing: AbortSignal) => Promise<Result>): Making<Result> {
    // One is being made, the others wait.
    if (this.#makings.size > maxWaiting) throw tooManyWait();
    const { signal } = this.#closing;
    const done = this.#last.then(() => {
      signal.throwIfAborted();
      return make(signal);
    });
    this.#makings.set(key, { done });
    // Told to whoever waits, if anybody still does.
    this.#last = done.catch(() => {}).finally(() => this.#makings.delete(key));
    return { done };
  }
}

function tooManyWait(): QuireError {
  return new QuireError(
    "output_busy",
    `As many files are being made as may wait (${maxWaiting}). Ask again in a moment.`,
  );
}

function stillMaking(): QuireError {
  return new QuireError("output_busy", "The file is still being made. Ask again in a moment.");
}
