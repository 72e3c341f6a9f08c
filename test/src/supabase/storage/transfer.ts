import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Claims } from "../tokens.ts";
import { type Fault, faulted } from "./faults.ts";
import { invalidKey, invalidRange, invalidType, noSuchKey, sendJson, tooLarge } from "./storageError.ts";
import type { ObjectMetadata, Place, StoredObject, StoredObjects } from "./storedObjects.ts";

/** The characters that Storage takes in a name (supabase/storage: src/storage/limits.ts). */
const validName = /^[\w/!\-.*'() &$@=;:+,?]+$/;

export interface Announced {
  readonly contentType: string;
  readonly cacheControl: string;
  /** Where it was told beforehand. */
  readonly sizeBytes: number;
}

/** Whether the bucket takes it and the policies let this user. */
export async function assertUploadable(
  objects: StoredObjects,
  claims: Claims,
  place: Place,
  { contentType, sizeBytes }: Announced,
): Promise<{ limitBytes: number }> {
  if (!validName.test(place.name)) throw invalidKey(place.name);
  const { file_size_limit: limit, allowed_mime_types: types } = await objects.bucket(place.bucket);
  await objects.assertMayUpload(claims, place);
  if (types && !types.includes(contentType.split(";")[0] ?? "")) throw invalidType(contentType);
  const limitBytes = limit === null ? Number.POSITIVE_INFINITY : Number(limit);
  if (sizeBytes > limitBytes) throw tooLarge();
  return { limitBytes };
}

/** Of a content that lies whole in the folder. */
export async function metadataOf(
  path: string,
  { contentType, cacheControl }: Announced,
): Promise<ObjectMetadata> {
  const hash = createHash("md5");
  let size = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
    size += chunk.length;
  }
  const lastModified = new Date().toISOString();
  const eTag = `"${hash.digest("hex")}"`;
  return {
    ...{ eTag, size, mimetype: contentType, cacheControl, lastModified },
    ...{ contentLength: size, httpStatusCode: 200 },
  };
}

/** `POST` and `PUT /object/{bucket}/{name}`: the body is the file. Cut short, nothing is stored. */
export async function receiveObject(
  objects: StoredObjects,
  claims: Claims,
  place: Place,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const { headers } = request;
  const announced: Announced = {
    contentType: headers["content-type"] ?? "application/octet-stream",
    cacheControl: headers["cache-control"] ?? "no-cache",
    sizeBytes: Number(headers["content-length"] ?? 0),
  };
  const { limitBytes } = await assertUploadable(objects, claims, place, announced);
  const version = objects.newVersion();
  const path = objects.pathOf(version);
  try {
    await pipeline(upTo(limitBytes, faulted(request, fault)), createWriteStream(path));
    const metadata = await metadataOf(path, announced);
    const own = headers["x-metadata"];
    const userMetadata = own ? JSON.parse(String(Buffer.from(String(own), "base64"))) : null;
    const { id } = await objects.place(claims, place, version, metadata, userMetadata);
    if (fault && "loseAnswer" in fault) response.destroy();
    else sendJson(response, 200, { Id: id, Key: `${place.bucket}/${place.name}` });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** `GET` and `HEAD /object/{bucket}/{name}`, a range of it where one is asked for. */
export async function sendObject(
  objects: StoredObjects,
  object: StoredObject,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const { size, eTag, mimetype, lastModified, cacheControl } = object.metadata;
  const range = rangeOf(request.headers.range, size);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  // Held before the answer begins: from then on it may be replaced.
  const file = await open(objects.pathOf(object.version)).catch(() => Promise.reject(noSuchKey()));
  const content = file.createReadStream({ start, end: Math.max(start, end) });
  response.writeHead(range ? 206 : 200, {
    "accept-ranges": "bytes",
    "content-type": mimetype,
    "content-length": end - start + 1,
    etag: eTag,
    "last-modified": new Date(lastModified).toUTCString(),
    "cache-control": cacheControl,
    ...(range && { "content-range": `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === "HEAD" || size === 0) {
    content.destroy();
    response.end();
    return;
  }
  await pipeline(Readable.from(faulted(content, fault), { objectMode: false }), response);
}

/** Null: the whole. What lies beyond the end is cut off; a range of nothing is none. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | null {
  const [, first = "", last = ""] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "") return null;
  const [start, end] = [Number(first), Math.min(last === "" ? size - 1 : Number(last), size - 1)];
  if (start > end) throw invalidRange();
  return { start, end };
}

export async function* upTo(limitBytes: number, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw tooLarge();
    yield chunk;
  }
}
