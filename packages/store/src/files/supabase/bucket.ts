import { StorageClient, type StorageError } from "@supabase/storage-js";
import { failureOf } from "./storageFailure.ts";
import { type HttpAnswer, type HttpRequest, send } from "./transport.ts";

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
 * @returns what the client made of the answer, and the answer itself, whose status and headers it drops
 * @throws StorageFailure
 */
export async function ask<Data>(
  { url, serviceRoleKey, bucket }: BucketAddress,
  signal: AbortSignal,
  run: (files: BucketFiles, buckets: StorageClient) => PromiseLike<ClientAnswer<Data>>,
): Promise<{ data: Data; answer: HttpAnswer }> {
  let answer: HttpAnswer | undefined;
  const fetchLike = async (input: string, init: HttpRequest) => {
    answer = await send(input, { ...init, signal });
    return answer;
  };
  const client = new StorageClient(
    `${url}/storage/v1`,
    { apikey: serviceRoleKey, authorization: `Bearer ${serviceRoleKey}` },
    fetchLike as unknown as typeof fetch,
  );
  const { data, error } = await run(client.from(bucket), client);
  if (error) throw failureOf(error, answer);
  return { data: data as Data, answer: answer as HttpAnswer };
}
