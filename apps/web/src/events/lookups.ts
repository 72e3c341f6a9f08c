import { maxLookups } from "./bounds.ts";

/** Something that looks up what has changed, and tells it. */
export interface Lookup {
  look(): Promise<void>;
  /** Whether there is more to be looked up than it has told. */
  readonly isBehind: boolean;
}

/**
 * Lookups that are due, each once: a document that changes ten times while it is looked up is looked up once more.
 * A few at a time; the queue is as long as there is something watched.
 */
export class Lookups {
  readonly #due = new Set<Lookup>();
  readonly #underWay = new Set<Lookup>();
  readonly #onError: (error: unknown) => void;
  #isClosed = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(lookup: Lookup): void {
    if (this.#isClosed) return;
    this.#due.add(lookup);
    this.#begin();
  }

  close(): void {
    this.#isClosed = true;
    this.#due.clear();
  }

  #begin(): void {
    for (const lookup of this.#due) {
      if (this.#underWay.size >= maxLookups) return;
      // What changes while it is looked up may come too late for that: once more when it is done.
      if (this.#underWay.has(lookup)) continue;
      this.#due.delete(lookup);
      this.#underWay.add(lookup);
      void this.#look(lookup);
    }
  }

  async #look(lookup: Lookup): Promise<void> {
    try {
      await lookup.look();
      if (lookup.isBehind && !this.#isClosed) this.#due.add(lookup);
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#underWay.delete(lookup);
      this.#begin();
    }
  }
}
