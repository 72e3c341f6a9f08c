import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { QuireError } from "@quire/core";
import type { StorageClient } from "@supabase/storage-js";
import { assertKey, assertRange, type ByteRange, type PutLimits, type StoredFile } from "../fileStore.ts";
import type { InstallationFiles } from "../installationFiles.ts";
import { ask, type BucketAddress, type BucketFiles, type ClientAnswer } from "./bucket.ts";
import { BucketReader } from "./bucketReader.ts";
import { BucketUpload, contentType } from "./bucketUpload.ts";
import { type RetryPolicy, retrying, retryPolicy } from "./retrying.ts";
import { Silence } from "./silence.ts";
import { StorageFailure } from "./storageFailure.ts";

/** Says whose files these are. No user may write it: it lies in nobody's folder. */
const marker = ".installation";
const wholeFile: ByteRange = { start: 0, end: Number.MAX_SAFE_INTEGER };
/** What Storage lists at once, at most. */
const listedAtATime = 1000;

export interface SupabaseFileStoreOptions {
  /** Whose files these are: then the bucket must have been made for it by `create`. Null: it is taken as it is. */
  readonly installationId?: string | null;
  readonly policy?: RetryPolicy;
}

/**
 * Files in a private bucket of Supabase Storage, each under its key, as the service: the bucket's policies are for
 * users. Of a file that comes in the first megabyte is held, of one that goes out what the socket holds. What fails in
 * passing is tried again.
 */
export class SupabaseFileStore implements InstallationFiles {
  readonly #address: BucketAddress;
  readonly #installationId: string | null;
  readonly #policy: RetryPolicy;
  #isKnownAsOurs = false;

  constructor(
    address: BucketAddress,
    { installationId = null, policy = retryPolicy }: SupabaseFileStoreOptions = {},
  ) {
    this.#address = address;
    this.#installationId = installationId;
    this.#policy = policy;
  }

  /** The bucket, unless `quire migrate` or the migrations made it in the project's database, and the marker in it. */
  async create(): Promise<void> {
    const { bucket } = this.#address;
    await translated(async () => {
      const found = await this.#ask((_, buckets) => buckets.getBucket(bucket)).catch(nullIfMissing);
      if (found?.public) throw bucketIsPublic();
      if (!found) await this.#ask((_, buckets) => buckets.createBucket(bucket, { public: false }));
      const id = Buffer.from(this.#installationId ?? "");
      await this.#ask((files) => files.upload(marker, id, { upsert: false, contentType })).catch(
        nullIfExists,
      );
    });
    await this.assertOurs();
  }

  async assertOurs(): Promise<void> {
    if (this.#installationId === null) return;
    const found = await translated(async () => {
      const reader = await BucketReader.open(this.#address, marker, wholeFile, this.#policy).catch(
        nullIfMissing,
      );
      return reader && (await text(reader));
    });
    if (found !== this.#installationId) throw bucketOfAnother();
    this.#isKnownAsOurs = true;
  }

  async put(key: string, content: AsyncIterable<Uint8Array>, limits: PutLimits = {}): Promise<StoredFile> {
    assertFileKey(key);
    limits.signal?.throwIfAborted();
    if (!this.#isKnownAsOurs) await this.assertOurs();
    return translated(() => new BucketUpload(this.#address, key, content, limits, this.#policy).run());
  }

  async open(key: string, range: ByteRange = wholeFile): Promise<Readable> {
    assertFileKey(key);
    assertRange(range);
    return this.#found(() => BucketReader.open(this.#address, key, range, this.#policy));
  }

  async size(key: string): Promise<number> {
    assertFileKey(key);
    return this.#found(async () => {
      const { size } = await this.#ask((files) => files.info(key));
      if (size === undefined) throw new StorageFailure("other", new Error("Storage tells no size"));
      return size;
    });
  }

  async delete(key: string): Promise<void> {
    assertFileKey(key);
    await translated(() => this.#ask((files) => files.remove([key])));
  }

  /** None: Storage ends uploads that were cut by itself. */
  async removeStaleUploads(): Promise<number> {
    return 0;
  }

  async *keysOlderThan(ageMs: number): AsyncGenerator<string, void, void> {
    const newest = Date.now() - ageMs;
    for (let cursor: string | undefined; ; ) {
      const page = { limit: listedAtATime, with_delimiter: false, ...(cursor && { cursor }) };
      const listed = await translated(() => this.#ask((files) => files.listV2(page)));
      for (const { key, name, updated_at } of listed.objects) {
        const found = key ?? name;
        if (found !== marker && Date.parse(updated_at) < newest) yield found;
      }
      if (!listed.hasNext || !listed.nextCursor || listed.nextCursor === cursor) return;
      cursor = listed.nextCursor;
    }
  }

  /** A request without a body worth streaming, tried again while it fails in passing. @throws StorageFailure */
  #ask<Data>(
    run: (files: BucketFiles, buckets: StorageClient) => PromiseLike<ClientAnswer<Data>>,
  ): Promise<Data> {
    const attempt = async () => {
      const silence = new Silence();
      silence.watch();
      try {
        return (await ask(this.#address, silence.signal, run)).data;
      } finally {
        silence.rest();
      }
    };
    return retrying(attempt, { policy: this.#policy });
  }

  /** Runs what looks for a file. A bucket that is not ours knows of no file whether it is there. */
  async #found<Result>(work: () => Promise<Result>): Promise<Result> {
    return translated(async () => {
      try {
        return await work();
      } catch (error) {
        if (nullIfMissing(error) === null) await this.assertOurs();
        throw error;
      }
    });
  }
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StorageFailure ? error.translate() : error;
  }
}

function nullIfMissing(error: unknown): null {
  if (error instanceof StorageFailure && error.kind.startsWith("missing")) return null;
  throw error;
}

function nullIfExists(error: unknown): null {
  if (error instanceof StorageFailure && error.kind === "exists") return null;
  throw error;
}

function assertFileKey(key: string): void {
  assertKey(key);
  if (key.split("/")[0] === marker)
    throw new QuireError(
      "invalid_storage_key",
      `A storage key cannot begin with "${marker}". Use another name.`,
    );
}

function bucketOfAnother(): QuireError {
  return new QuireError(
    "storage_unavailable",
    "The bucket is not the one of this database. Set SUPABASE_URL and SUPABASE_BUCKET to it; for a new installation " +
      "run: quire migrate",
  );
}

function bucketIsPublic(): QuireError {
  return new QuireError(
    "storage_unavailable",
    "The bucket is public. Make it private, or set SUPABASE_BUCKET to another name.",
  );
}
