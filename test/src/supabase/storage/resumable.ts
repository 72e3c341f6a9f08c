import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm, stat, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Claims } from "../tokens.ts";
import { Cut, type Fault, faulted } from "./faults.ts";
import type { Place, StoredObjects } from "./storedObjects.ts";
import { type Announced, assertUploadable, metadataOf, upTo } from "./transfer.ts";

/** Every chunk but the last has exactly this size: "It must be set to 6MB (for now)", as Supabase's guide says. */
export const chunkBytes = 6 * 1024 * 1024;
const version = "1.0.0";
const keptMs = 24 * 3600 * 1000;

interface Upload {
  readonly claims: Claims;
  readonly place: Place;
  readonly announced: Announced;
  readonly contentVersion: string;
  locked: boolean;
}

/** Uploads in chunks, by the protocol tus 1.0.0 with its extensions creation, creation-with-upload and termination. */
export class ResumableUploads {
  readonly #objects: StoredObjects;
  readonly #url: string;
  readonly #uploads = new Map<string, Upload>();

  /** @param url of `/upload/resumable`, as clients see it */
  constructor(objects: StoredObjects, url: string) {
    this.#objects = objects;
    this.#url = url;
  }

  /** @param id of the upload; undefined: the collection of all */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    claims: Claims,
    id: string | undefined,
    fault: Fault | undefined,
  ): Promise<void> {
    response.setHeader("tus-resumable", version);
    response.setHeader("cache-control", "no-store");
    if (request.headers["tus-resumable"] !== version) return refuse(response, 412, "Tus-Resumable Required");
    if (id === undefined) {
      if (request.method !== "POST") return refuse(response, 404, "Not found");
      return this.#create(request, response, claims, fault);
    }
    const upload = this.#uploads.get(id);
    if (!upload || upload.claims.sub !== claims.sub)
      return refuse(response, 404, "The file for this url was not found");
    if (request.method === "HEAD") return this.#tell(response, upload);
    if (request.method === "DELETE") return this.#end(response, id, upload);
    if (request.method === "PATCH") return this.#append(request, response, id, upload, fault);
    return refuse(response, 404, "Not found");
  }

  async #create(
    request: IncomingMessage,
    response: ServerResponse,
    claims: Claims,
    fault: Fault | undefined,
  ): Promise<void> {
    const metadata = metadataIn(request.headers["upload-metadata"]);
    const sizeBytes = Number(request.headers["upload-length"]);
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
      return refuse(response, 400, "Upload-Length or Upload-Defer-Length header required");
    const { bucketName: bucket, objectName: name } = metadata;
    if (!bucket || !name) return refuse(response, 400, "Missing bucketName or objectName");
    const upsert = request.headers["x-upsert"] === "true";
    const contentType = metadata.contentType ?? "application/octet-stream";
    const upload: Upload = {
      claims,
      place: { bucket, name, upsert },
      announced: { contentType, cacheControl: `max-age=${metadata.cacheControl ?? 3600}`, sizeBytes },
      contentVersion: randomUUID(),
      locked: false,
    };
    await assertUploadable(this.#objects, claims, upload.place, upload.announced);
    await writeFile(this.#objects.pathOf(upload.contentVersion), "");
    const id = Buffer.from(`${bucket}/${name}/${upload.contentVersion}`).toString("base64url");
    this.#uploads.set(id, upload);
    response.setHeader("location", `${this.#url}/${id}`);
    response.setHeader("upload-expires", new Date(Date.now() + keptMs).toUTCString());
    const hasBody = request.headers["content-type"] === "application/offset+octet-stream";
    await this.#take(request, response, id, upload, 201, hasBody, fault);
  }

  async #tell(response: ServerResponse, upload: Upload): Promise<void> {
    response
      .writeHead(200, {
        "upload-offset": await this.#offsetOf(upload),
        "upload-length": upload.announced.sizeBytes,
      })
      .end();
  }

  async #append(
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
    upload: Upload,
    fault: Fault | undefined,
  ): Promise<void> {
    if (request.headers["content-type"] !== "application/offset+octet-stream")
      return refuse(response, 415, "Content-Type header required");
    if (upload.locked) return refuse(response, 423, "The upload is locked");
    if (Number(request.headers["upload-offset"]) !== (await this.#offsetOf(upload)))
      return refuse(response, 409, "Upload-Offset conflict");
    return this.#take(request, response, id, upload, 204, true, fault);
  }

  /** What came of a chunk that was cut is kept, to go on from. */
  async #take(
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
    upload: Upload,
    status: number,
    hasBody: boolean,
    fault: Fault | undefined,
  ): Promise<void> {
    const path = this.#objects.pathOf(upload.contentVersion);
    const { sizeBytes } = upload.announced;
    if (hasBody) {
      const offset = await this.#offsetOf(upload);
      const announcedBytes = Number(request.headers["content-length"] ?? chunkBytes);
      if (announcedBytes !== chunkBytes && offset + announcedBytes !== sizeBytes && offset % chunkBytes === 0)
        return refuse(response, 400, "A chunk must have 6 MB, unless it is the last");
      upload.locked = true;
      try {
        const target = createWriteStream(path, { flags: "a" });
        await pipeline(upTo(sizeBytes - offset, faulted(request, fault)), target);
      } catch (error) {
        if (error instanceof Cut || request.destroyed) return void response.destroy();
        throw error;
      } finally {
        upload.locked = false;
      }
    }
    const offset = await this.#offsetOf(upload);
    if (offset === sizeBytes) {
      await this.#objects.assertMayUpload(upload.claims, upload.place);
      const metadata = await metadataOf(path, upload.announced);
      await this.#objects.place(upload.claims, upload.place, upload.contentVersion, metadata);
      this.#uploads.delete(id);
    }
    if (fault && "loseAnswer" in fault) return void response.destroy();
    response.writeHead(status, { "upload-offset": offset }).end();
  }

  async #end(response: ServerResponse, id: string, upload: Upload): Promise<void> {
    this.#uploads.delete(id);
    await rm(this.#objects.pathOf(upload.contentVersion), { force: true });
    response.writeHead(204).end();
  }

  async #offsetOf({ contentVersion }: Upload): Promise<number> {
    return (await stat(this.#objects.pathOf(contentVersion))).size;
  }
}

/** Pairs of a name and a value in base64, separated by commas (tus 1.0.0, Upload-Metadata). */
function metadataIn(header: string | string[] | undefined): Record<string, string | undefined> {
  const pairs = String(header ?? "")
    .split(",")
    .map((pair) => pair.trim().split(" "));
  return Object.fromEntries(
    pairs.map(([name = "", value = ""]) => [name, String(Buffer.from(value, "base64"))]),
  );
}

/** As the tus server of Storage does: its own status, and text. */
function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "text/plain" }).end(message);
}
