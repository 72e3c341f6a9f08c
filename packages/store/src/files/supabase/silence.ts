/** Ends a request when the other side is silent while it is its turn. */
export class Silence {
  readonly #controller = new AbortController();
  readonly #limitMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It is Storage's turn. */
  watch(limitMs = this.#limitMs): void {
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
