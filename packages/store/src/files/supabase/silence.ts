/** Storage that says nothing for this long, though it is its turn, is given up. */
export const silenceMs = 30_000;

/** Ends a request when the other side is silent while it is its turn. */
export class Silence {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It is Storage's turn. */
  watch(limitMs = silenceMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.end(new Error(`Storage was silent for ${limitMs / 1000} s`)),
      limitMs,
    );
    this.#timer.unref();
  }

  /** It is ours. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the request now. */
  end(reason: unknown): void {
    clearTimeout(this.#timer);
    this.#controller.abort(reason);
  }
}
