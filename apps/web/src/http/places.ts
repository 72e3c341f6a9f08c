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

/** So many in all, and of one owner so many, so that nobody takes them all. */
export class PlacesOfOwners {
  readonly #inAll: Places;
  readonly #limitOfOwner: number;
  readonly #refusal: () => QuireError;
  readonly #ofOwner = new Map<string, Places>();

  constructor(limit: number, limitOfOwner: number, refusal: () => QuireError) {
    this.#inAll = new Places(limit, refusal);
    this.#limitOfOwner = limitOfOwner;
    this.#refusal = refusal;
  }

  /** @returns what gives the place back, once @throws QuireError where there is none */
  take(ownerId: string): () => void {
    const own = this.#ofOwner.get(ownerId) ?? new Places(this.#limitOfOwner, this.#refusal);
    const giveBackOwn = own.take();
    try {
      const giveBack = this.#inAll.take();
      this.#ofOwner.set(ownerId, own);
      return () => {
        giveBack();
        giveBackOwn();
        if (own.taken === 0) this.#ofOwner.delete(ownerId);
      };
    } catch (error) {
      giveBackOwn();
      throw error;
    }
  }
}
