import { StorageClient, type StorageError } from "@supabase/storage-js";
import { failureOf } from "./storageFailure.ts";

/** Where the files are, and by which key. */
export interface BucketAddress {
  /** Of the project, without a slash at its end. */
  readonly url: string;
  readonly serviceRoleKey: string;
  readonly bucket: string;
}

export type BucketFiles = ReturnType<StorageClient["from"]>;
/** What the client makes of an answer. */
export type ClientAnswer<Data> = { data: Data; error: null } | { data: null; error: StorageError };

/**
 * One request through the client of Supabase Storage.
 *
 * @param signal ends it, also while its answer's body is read
 * @returns what the client made of the answer, and the answer's status and headers, which the client drops
 * @throws StorageFailure
 */
export async function ask<Data>(
  { url, serviceRoleKey, bucket }: BucketAddress,
  signal: AbortSignal,
  run: (files: BucketFiles, buckets: StorageClient) => PromiseLike<ClientAnswer<Data>>,
): Promise<{ data: Data; response: Response }> {
  let response: Response | undefined;
  const client = new StorageClient(
    `${url}/storage/v1`,
    { apikey: serviceRoleKey, authorization: `Bearer ${serviceRoleKey}` },
    async (input, init) => {
      // A redirect would carry the key elsewhere. What is compressed on the way has neither its size nor ranges.
      const headers = { ...init?.headers, "accept-encoding": "identity" };
      response = await fetch(input, { ...init, headers, signal, redirect: "error" });
      return response;
    },
  );
  const { data, error } = await run(client.from(bucket), client);
  if (error) throw failureOf(error, response);
  return { data: data as Data, response: response as Response };
}
