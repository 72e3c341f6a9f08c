import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type ByteRange, fileMissing } from "../fileStore.ts";
import { ask, type BucketAddress } from "./bucket.ts";
import { type RetryPolicy, retrying, waitMsAfter } from "./retrying.ts";
import { Silence } from "./silence.ts";
import { StorageFailure } from "./storageFailure.ts";

const partialContent = 206;

/**
 * A file as it comes from Storage. Where the connection breaks, it goes on from the next byte: by then of the same
 * version, which the entity tag tells, or it fails with `file_missing`.
 *
 * States: not begun → reading ⇄ waiting to go on → ended or destroyed.
 */
export class BucketReader extends Readable {
  readonly #address: BucketAddress;
  readonly #key: string;
  readonly #policy: RetryPolicy;
  readonly #ended = new AbortController();
  readonly #lastByte: number;
  #position: number;
  #entityTag: string | null = null;
  #body: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #silence = new Silence();
  /** Failures since the last byte came. */
  #failures = 0;

  private constructor(address: BucketAddress, key: string, range: ByteRange, policy: RetryPolicy) {
    super();
    this.#address = address;
    this.#key = key;
    this.#policy = policy;
    this.#position = range.start;
    this.#lastByte = range.end;
  }

  /** @throws StorageFailure if the file cannot be had, `missing_file` too */
  static async open(
    address: BucketAddress,
    key: string,
    range: ByteRange,
    policy: RetryPolicy,
  ): Promise<BucketReader> {
    const reader = new BucketReader(address, key, range, policy);
    try {
      await retrying(() => reader.#begin(), { policy });
    } catch (error) {
      reader.#release();
      throw error;
    }
    return reader;
  }

  override _read(): void {
    this.#next().then(
      (chunk) => this.push(chunk),
      (error) => this.destroy(error instanceof StorageFailure ? error.translate() : error),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#release();
    done(error);
  }

  /** Asks for what is still to come. */
  async #begin(): Promise<void> {
    this.#silence = new Silence();
    this.#silence.watch();
    const isWhole = this.#position === 0 && this.#lastByte === Number.MAX_SAFE_INTEGER;
    const last = this.#lastByte === Number.MAX_SAFE_INTEGER ? "" : this.#lastByte;
    const signal = AbortSignal.any([this.#ended.signal, this.#silence.signal]);
    try {
      const { data, response } = await ask(this.#address, signal, (files) => {
        if (!isWhole) files.setHeader("range", `bytes=${this.#position}-${last}`);
        return files.download(this.#key).asStream();
      });
      if (response.status !== partialContent && this.#position > 0)
        throw new StorageFailure("beyond_end", new Error("Storage sent the whole for a part"));
      const entityTag = response.headers.get("etag");
      if (this.#entityTag !== null && entityTag !== this.#entityTag) throw fileMissing();
      this.#entityTag = entityTag;
      this.#body = data.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    } catch (error) {
      // Of what lies beyond the end there is nothing. Begun anew there, it has shrunk, or all of it was read.
      if (!(error instanceof StorageFailure && error.kind === "beyond_end" && this.#entityTag === null))
        throw error;
      this.#body = null;
    } finally {
      this.#silence.rest();
    }
  }

  /** The next chunk; null at the end. */
  async #next(): Promise<Uint8Array | null> {
    while (this.#position <= this.#lastByte && this.#body) {
      try {
        this.#silence.watch();
        const { done, value } = await this.#body.read();
        if (done) return null;
        this.#failures = 0;
        const chunk = value.subarray(0, this.#lastByte - this.#position + 1);
        this.#position += chunk.length;
        if (chunk.length > 0) return chunk;
      } catch (error) {
        await this.#goOn(error);
      } finally {
        this.#silence.rest();
      }
    }
    return null;
  }

  /** After the connection broke. @throws StorageFailure if it did too often in a row; `file_missing` */
  async #goOn(cause: unknown): Promise<void> {
    this.#body = null;
    for (let failure = new StorageFailure("transient", cause); ; ) {
      const waitMs = waitMsAfter(failure, ++this.#failures, this.#policy);
      if (waitMs === null || this.#entityTag === null) throw failure;
      await delay(waitMs, undefined, { signal: this.#ended.signal });
      try {
        await this.#begin();
        return;
      } catch (error) {
        if (!(error instanceof StorageFailure)) throw error;
        failure = error;
      }
    }
  }

  #release(): void {
    this.#silence.rest();
    this.#ended.abort(new Error("not read to the end"));
    this.#body?.cancel().catch(() => {});
  }
}
