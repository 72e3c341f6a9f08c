import { QuireError } from "@quire/core";
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { fetchKeys } from "./fetchKeys.ts";

/** How long published keys count, and how they are asked for, in milliseconds. */
export interface KeyLimits {
  /** Then they are asked for again: a key that was taken back counts for so long. Supabase's own caches keep them 10 minutes. */
  readonly maxAgeMs: number;
  /** Between two attempts while there are keys: tokens that name keys at will must not have them asked for each time. */
  readonly cooldownMs: number;
  /** The same while there are none: somebody waits to be let in. */
  readonly retryMs: number;
  /** A person waits for the answer. */
  readonly fetchWithinMs: number;
}

export const keyLimits: KeyLimits = {
  maxAgeMs: 600_000,
  cooldownMs: 30_000,
  retryMs: 1_000,
  fetchWithinMs: 5_000,
};

/**
 * The keys that a project publishes (JWKS). They are asked for when one is needed: none, old ones, or a token naming
 * one that is not among them, as after a rotation. Where they cannot be had, those that are there count on.
 */
export class PublishedKeys {
  readonly #url: string;
  readonly #limits: KeyLimits;
  readonly #now: () => number;
  #keys: JWTVerifyGetKey | null = null;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | null = null;
  #failure: unknown;

  /** @param now in milliseconds, never going back; in tests: another clock */
  constructor(url: string, limits: KeyLimits = keyLimits, now: () => number = () => performance.now()) {
    this.#url = url;
    this.#limits = limits;
    this.#now = now;
  }

  /** For jose: the key that a token names. @throws QuireError `sign_in_unavailable`; what jose throws where there is none */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    if (this.#now() - this.#fetchedAtMs >= this.#limits.maxAgeMs) await this.#refresh();
    const keys = this.#known();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#refresh();
      return await this.#known()(header, token);
    }
  };

  #known(): JWTVerifyGetKey {
    if (this.#keys) return this.#keys;
    throw new QuireError(
      "sign_in_unavailable",
      "Who signed in cannot be verified for now. Check SUPABASE_URL, and that Supabase's Auth answers; try again soon.",
      { cause: this.#failure },
    );
  }

  /** Asks for them, once for all who wait, and not again too soon. */
  async #refresh(): Promise<void> {
    const { cooldownMs, retryMs } = this.#limits;
    if (!this.#fetching && this.#now() - this.#triedAtMs < (this.#keys ? cooldownMs : retryMs)) return;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    await this.#fetching;
  }

  async #fetch(): Promise<void> {
    this.#triedAtMs = this.#now();
    try {
      const published = await fetchKeys(this.#url, this.#limits.fetchWithinMs);
      this.#keys = createLocalJWKSet(published as JSONWebKeySet);
      this.#fetchedAtMs = this.#now();
    } catch (error) {
      this.#failure = error;
    }
  }
}
