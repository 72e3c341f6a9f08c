/**
 * Notices that the maker does not go on. A page may be awaited for as long as its recognition takes, and whoever gets
 * the PDF may take his time: so the time runs only while the maker owes something and somebody waits for it.
 */
export class MakerClock {
  readonly #withinMs: number;
  readonly #onOverdue: () => void;
  #timer: NodeJS.Timeout | null = null;
  #owes = false;
  #isAwaited = false;

  /** @param withinMs how long nothing may come of it */
  constructor(withinMs: number, onOverdue: () => void) {
    this.#withinMs = withinMs;
    this.#onOverdue = onOverdue;
  }

  /** It has what it needs to go on, or (false) waits for a page. */
  set owes(owes: boolean) {
    this.#owes = owes;
    this.restart();
  }

  /** Somebody waits for the next bytes, or (false) has not yet taken the last ones. */
  set isAwaited(isAwaited: boolean) {
    this.#isAwaited = isAwaited;
    this.restart();
  }

  /** Something came of it. */
  restart(): void {
    this.stop();
    if (this.#owes && this.#isAwaited) this.#timer = setTimeout(this.#onOverdue, this.#withinMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
