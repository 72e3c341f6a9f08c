import type { QuireError } from "@quire/core";

/** So many may do it at once; who comes when all places are taken is refused. */
export class Places {
  readonly limit: number;
  readonly #refusal: () => QuireError;
  #taken = 0;

  constructor(limit: number, refusal: () => QuireError) {
    this.limit = limit;
    this.#refusal = refusal;
  }

  get taken(): number {
    return this.#taken;
  }

  /** @returns what gives the place back, once @throws QuireError where there is none */
  take(): () => void {
    if (this.#taken >= this.limit) throw this.#refusal();
    this.#taken++;
    let isHeld = true;
    return () => {
      if (isHeld) this.#taken--;
      isHeld = false;
    };
  }
}
