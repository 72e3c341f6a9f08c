import { randomUUID } from "node:crypto";
import { incoming, type PutLimits, type StoredFile, Tally } from "../fileStore.ts";
import { ask, type BucketAddress } from "./bucket.ts";
import { type RetryPolicy, retrying } from "./retrying.ts";
import { Silence, silenceMs } from "./silence.ts";
import { StorageFailure } from "./storageFailure.ts";

/**
 * What is held of a file before it is sent. A file that ends within it is sent again after a failure: previews,
 * results, many a letter. A larger one is sent once, as it comes, and again only if Storage took nothing of the rest.
 */
export const heldBytes = 1_000_000;
/** An upload that was called off when all of it had been sent: so long is waited to know what became of it. */
const outcomeWithinMs = 10_000;

const neverCached = "0";
/** The same for all: Quire tells a file's format by its first bytes. */
export const contentType = "application/octet-stream";

/** One put: takes in the content, and sends it in one request, streamed, or again where it can be. */
export class BucketUpload {
  readonly #address: BucketAddress;
  readonly #key: string;
  readonly #limits: PutLimits;
  readonly #policy: RetryPolicy;
  readonly #tally = new Tally();
  readonly #source: AsyncGenerator<Uint8Array, void, void>;
  /** Tells this upload from others to the same key, where its answer was lost. */
  readonly #id = randomUUID();
  readonly #held: Uint8Array[] = [];
  /** The source's own failure, which is to come through as it is. */
  #sourceFailure: { readonly error: unknown } | null = null;
  #isTakenUp = false;
  /** All of it was handed over: from now on the file may be stored. */
  #isSent = false;

  constructor(
    address: BucketAddress,
    key: string,
    content: AsyncIterable<Uint8Array>,
    limits: PutLimits,
    policy: RetryPolicy,
  ) {
    this.#address = address;
    this.#key = key;
    this.#limits = limits;
    this.#policy = policy;
    this.#source = incoming(content, limits, this.#tally);
  }

  /** @throws StorageFailure; those of {@link incoming}, as they are */
  async run(): Promise<StoredFile> {
    const { signal } = this.#limits;
    try {
      const isWhole = await this.#hold();
      await retrying(() => this.#send(isWhole), {
        policy: this.#policy,
        mayRepeat: () => isWhole || !this.#isTakenUp,
        signal,
      });
    } catch (error) {
      if (this.#sourceFailure) throw this.#sourceFailure.error;
      // Called off, unless it turned out to be stored.
      if (!(this.#isSent && (await this.#wasStored(error)))) {
        signal?.throwIfAborted();
        throw error;
      }
    } finally {
      // A source that is silent closes only when it speaks again, which may be never.
      void this.#source.return().catch(() => {});
    }
    return this.#tally.total();
  }

  /** Takes in the beginning. @returns whether that is all */
  async #hold(): Promise<boolean> {
    while (this.#tally.sizeBytes < heldBytes) {
      const { done, value } = await this.#source.next();
      if (done) return true;
      // Whoever hands it in may use its memory again.
      this.#held.push(Buffer.from(value));
    }
    return false;
  }

  async #send(isWhole: boolean): Promise<void> {
    const { signal } = this.#limits;
    const silence = new Silence();
    const callOff = () => {
      if (this.#isSent) silence.watch(outcomeWithinMs);
      else silence.end(signal?.reason);
    };
    signal?.throwIfAborted();
    signal?.addEventListener("abort", callOff);
    this.#isSent = isWhole;
    silence.watch();
    try {
      const body = isWhole ? Buffer.concat(this.#held) : ReadableStream.from(this.#pieces(silence));
      const metadata = { upload: this.#id };
      const options = { upsert: true, contentType, cacheControl: neverCached, metadata };
      await ask(this.#address, silence.signal, (files) => files.upload(this.#key, body, options));
    } finally {
      signal?.removeEventListener("abort", callOff);
      // Storage may have answered before it had all of it.
      silence.end(new Error("the upload is over"));
    }
  }

  /** What was held, and the rest as it comes. The time that the source takes is not Storage's. */
  async *#pieces(silence: Silence): AsyncGenerator<Uint8Array, void, void> {
    try {
      for (const piece of this.#held) yield piece;
      this.#isTakenUp = true;
      this.#held.length = 0;
      while (true) {
        silence.rest();
        const { done, value } = await this.#source.next();
        silence.watch();
        if (done) break;
        yield Buffer.from(value);
      }
      this.#isSent = true;
      silence.watch(silenceMs);
    } catch (error) {
      this.#sourceFailure = { error };
      throw error;
    }
  }

  /** Whether it was this upload that Storage holds now, though its answer did not come. */
  async #wasStored(error: unknown): Promise<boolean> {
    if (!(error instanceof StorageFailure && error.kind === "transient")) return false;
    const signal = AbortSignal.timeout(outcomeWithinMs);
    try {
      const { data } = await ask(this.#address, signal, (files) => files.info(this.#key));
      return data.metadata?.upload === this.#id;
    } catch {
      return false;
    }
  }
}
