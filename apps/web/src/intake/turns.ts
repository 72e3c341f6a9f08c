import { setImmediate as nextRound } from "node:timers/promises";

/**
 * Has the pieces of all files that come in taken one a round of the event loop, so that other requests are looked at
 * between any two of them, however many upload at once. A piece is 64 to 256 KB, and takes about a millisecond.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** The same content; each piece when it is its turn. */
  async *of(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const piece of content) {
      this.#last = this.#last.then(() => nextRound());
      await this.#last;
      yield piece;
    }
  }
}
