import { QuireError } from "@quire/core";

/** In all: each holds a connection, for less than a minute. */
const maxMakings = 50;
/** As many as a minute sees through, each of some seconds; nobody's keep others from theirs. */
const maxMakingsOfOwner = 10;

/** What is to be made, and for whom. */
export interface Wanted {
  readonly key: string;
  readonly ownerId: string;
}

interface Making<Result> {
  readonly ownerId: string;
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
   * @param waitMs how long to wait for it; it is made all the same
   * @throws QuireError `output_busy` if too many wait, or it is not there in time; what `make` throws
   */
  async run(
    wanted: Wanted,
    waitMs: number,
    make: (closing: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { done } = this.#makings.get(wanted.key) ?? this.#begin(wanted, make);
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

  #begin({ key, ownerId }: Wanted, make: (closing: AbortSignal) => Promise<Result>): Making<Result> {
    const ofOwner = [...this.#makings.values()].filter((making) => making.ownerId === ownerId);
    if (this.#makings.size >= maxMakings || ofOwner.length >= maxMakingsOfOwner) throw tooManyWait();
    const { signal } = this.#closing;
    const done = this.#last.then(() => {
      signal.throwIfAborted();
      return make(signal);
    });
    const making = { ownerId, done };
    this.#makings.set(key, making);
    // Told to whoever waits, if anybody still does.
    this.#last = done.catch(() => {}).finally(() => this.#makings.delete(key));
    return making;
  }
}

function tooManyWait(): QuireError {
  return new QuireError("output_busy", "As many files are waiting to be made as may. Ask again in a moment.");
}

function stillMaking(): QuireError {
  return new QuireError("output_busy", "The file is still being made. Ask again in a moment.");
}
