import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { QuireError } from "@quire/core";

/** What is known of a file once it is stored: its size in bytes and its SHA-256 in lower-case hex. */
export interface StoredFile {
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface PutLimits {
  /** The most that may come in, in bytes; without it there is no limit. */
  readonly maxBytes?: number;
  /** Ends the put, also while its source is silent; the put then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Bytes of a file, both ends included and counted from 0: whole numbers, `start` not above `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where originals and results lie. Every adapter passes `fileStoreContract`.
 *
 * Messages of errors name neither key nor path: they are shown to people, and keys tell whose file it is.
 * All of them reject with QuireError `invalid_storage_key` (see assertKey; a key cannot be the folder of another
 * one either) and, for any other failure of the store, `storage_unavailable` with its cause.
 */
export interface FileStore {
  /**
   * Stores what comes in, whole or not at all: until the promise resolves, and for good if it rejects, the key
   * holds what it held before. A key that is there already is replaced; of puts at once, one wins whole.
   *
   * @throws QuireError `file_too_large` when more than `maxBytes` come in
   * @throws whatever `content` throws, and the reason of `signal`, as they are
   */
  put(key: string, content: AsyncIterable<Uint8Array>, limits?: PutLimits): Promise<StoredFile>;

  /**
   * The bytes of the file, to be read to the end or destroyed. Never a mixture of two contents: after an
   * overwrite or delete it ends with the old one, or fails with `file_missing`. Two ranges opened one after the other
   * may be of two contents.
   *
   * @param range only these; of those beyond the end of the file there are none
   * @throws QuireError `file_missing`; the stream itself may fail with `storage_unavailable`
   * @throws RangeError if the range is none
   */
  open(key: string, range?: ByteRange): Promise<Readable>;

  /**
   * The file's size in bytes, without opening it.
   *
   * @throws QuireError `file_missing`
   */
  size(key: string): Promise<number>;

  /** Removes the file; a key that is not there is no error. */
  delete(key: string): Promise<void>;
}

/** @throws RangeError unless both ends are whole numbers from 0 on and `start` is not above `end` */
export function assertRange({ start, end }: ByteRange): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end) return;
  throw new RangeError(`There are no bytes from ${start} to ${end}.`);
}

const maxKeyCharacters = 512;
/** What file systems allow for one name; characters are bytes here, as only ASCII passes. */
const segmentPattern = /^[A-Za-z0-9._-]{1,255}$/;

/** @throws QuireError `invalid_storage_key` unless the key is segments of [A-Za-z0-9._-] joined by "/" */
export function assertKey(key: string): void {
  const isSegment = (segment: string) => segmentPattern.test(segment) && segment !== "." && segment !== "..";
  if (key.length <= maxKeyCharacters && key.split("/").every(isSegment)) return;
  throw new QuireError(
    "invalid_storage_key",
    'A storage key is not valid. Use names of letters, digits, ".", "_" and "-", joined by "/", ' +
      `at most 255 characters each and ${maxKeyCharacters} in all.`,
  );
}

/** What has come in so far. */
export class Tally {
  sizeBytes = 0;
  readonly #hash = createHash("sha256");

  add(chunk: Uint8Array): void {
    this.sizeBytes += chunk.byteLength;
    this.#hash.update(chunk);
  }

  /** Once, at the end. */
  total(): StoredFile {
    return { sizeBytes: this.sizeBytes, sha256: this.#hash.digest("hex") };
  }
}

/**
 * Takes in what is to be stored, chunk by chunk, as `put` promises: for adapters.
 *
 * @param write stores one chunk; the next one is asked for when it has resolved
 * @throws QuireError `file_too_large`; what `content` or `write` throw and the signal's reason, as they are
 */
export async function receive(
  content: AsyncIterable<Uint8Array>,
  limits: PutLimits,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<StoredFile> {
  const tally = new Tally();
  for await (const chunk of incoming(content, limits, tally)) await write(chunk);
  return tally.total();
}

/**
 * What comes in, for adapters that are asked for it: within its limits, and counted as it passes.
 *
 * @throws QuireError `file_too_large`; what `content` throws and the signal's reason, as they are
 */
export async function* incoming(
  content: AsyncIterable<Uint8Array>,
  { maxBytes = Number.POSITIVE_INFINITY, signal }: PutLimits,
  tally: Tally,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of signal ? untilAborted(content, signal) : content) {
    tally.add(chunk);
    if (tally.sizeBytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
  signal?.throwIfAborted();
}

async function* untilAborted(content: AsyncIterable<Uint8Array>, signal: AbortSignal) {
  signal.throwIfAborted();
  const source = content[Symbol.asyncIterator]();
  let abort = () => {};
  const onAbort = () => abort();
  signal.addEventListener("abort", onAbort);
  try {
    while (true) {
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        abort = () => reject(signal.reason);
        source.next().then(resolve, reject);
        if (signal.aborted) abort();
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    const closing = Promise.resolve(source.return?.()).catch(() => {});
    // A generator that is silent closes only when it speaks again, which may be never.
    if (!signal.aborted) await closing;
  }
}

export function fileMissing(): QuireError {
  return new QuireError("file_missing", "The file is not in the store. Send it again.");
}

function tooLarge(maxBytes: number): QuireError {
  const megabytes = Number((maxBytes / 1_000_000).toFixed(1));
  return new QuireError(
    "file_too_large",
    `The file is over the ${megabytes} MB limit. Split the document into smaller files.`,
  );
}
