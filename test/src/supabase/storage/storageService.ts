/**
 * Storage of a Supabase project, as far as Quire and its pages use it, after the published contract: the REST API of
 * supabase/storage (its OpenAPI description and src/http/routes), the guides "Standard uploads", "Resumable uploads",
 * "Access control" and "Error codes", and what @supabase/storage-js sends. Of it:
 *
 * - `POST|PUT /object/{bucket}/{name}`: the body is the file, with or without Content-Length; `x-upsert` for POST;
 *   `x-metadata`; limits of size and type by the bucket; whole or not stored
 * - `GET|HEAD /object/{bucket}/{name}`, `/object/authenticated/…`: with `Range` (206, 416), `ETag`, `Content-Range`
 * - `GET|HEAD /object/info/{bucket}/{name}`, `/object/info/authenticated/…`: size, version, etag
 * - `POST /object/list-v2/{bucket}`: flat, paged by `cursor`, at most 1,000; `POST /object/list/{bucket}`: a folder
 * - `DELETE /object/{bucket}` with `{ prefixes }`: answers with what was removed
 * - `POST /object/sign/{bucket}/{name}` and `GET` of what it answers: for whoever has the URL, until it expires
 * - `GET /bucket/{id}`, `POST /bucket`: for the service
 * - `/upload/resumable`: tus 1.0.0 in chunks of 6 MB
 * - errors: 400 with `{ statusCode, code, error, message }`, whatever the status is; 500 stays 500
 *
 * Whose a token is, the project says; what he may do, the policies on `storage.objects` in its Postgres, asked with
 * his role and claims.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Project, Service } from "../supabase.ts";
import { type Claims, claimsOf, signToken } from "../tokens.ts";
import { Cut, type Fault, Faults } from "./faults.ts";
import { ResumableUploads } from "./resumable.ts";
import { accessDenied, missingParameter, noSuchRoute, StorageError, sendJson } from "./storageError.ts";
import { type StoredObject, StoredObjects } from "./storedObjects.ts";
import { receiveObject, sendObject } from "./transfer.ts";

const maxListed = 1000;

export class StorageService implements Service {
  readonly path = "/storage/v1";
  readonly faults = new Faults();
  readonly #project: Project;
  readonly #objects: StoredObjects;
  readonly #resumable: ResumableUploads;

  constructor(project: Project) {
    this.#project = project;
    this.#objects = new StoredObjects(project.databaseUrl);
    this.#resumable = new ResumableUploads(this.#objects, `${project.url}${this.path}/upload/resumable`);
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const fault = this.faults.meet(request, url.pathname);
    try {
      if (fault && "status" in fault) refuse(response, fault);
      else await this.#route(request, response, url, fault);
    } catch (error) {
      // Cut by a fault, or by the client.
      if (error instanceof Cut || request.socket.destroyed || response.headersSent) response.destroy();
      else if (error instanceof StorageError) error.send(response);
      else throw error;
    }
  }

  close(): Promise<void> {
    return this.#objects.close();
  }

  async #route(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    fault: Fault | undefined,
  ): Promise<void> {
    const [kind, ...rest] = decodeURIComponent(url.pathname).slice(1).split("/");
    const method = request.method ?? "";
    if (kind === "object" && rest[0] === "sign" && method === "GET")
      return this.#sendSigned(request, response, rest.slice(1), url, fault);
    const claims = await this.#claimsOf(request);
    if (kind === "bucket") return this.#bucket(request, response, claims, rest[0]);
    if (kind === "upload" && rest[0] === "resumable")
      return this.#resumable.answer(request, response, claims, rest[1], fault);
    if (kind !== "object") throw noSuchRoute();
    if (rest[0] === "list-v2" && method === "POST")
      return this.#list(request, response, claims, rest[1] ?? "");
    if (rest[0] === "list" && method === "POST")
      return this.#listFolder(request, response, claims, rest[1] ?? "");
    if (rest[0] === "sign" && method === "POST") return this.#sign(request, response, claims, rest.slice(1));
    if (rest.length === 1 && method === "DELETE")
      return this.#remove(request, response, claims, rest[0] ?? "");
    if (method === "POST" || method === "PUT") {
      const upsert = method === "PUT" || request.headers["x-upsert"] === "true";
      const place = { bucket: rest[0] ?? "", name: rest.slice(1).join("/"), upsert };
      return receiveObject(this.#objects, claims, place, request, response, fault);
    }
    if (method !== "GET" && method !== "HEAD") throw noSuchRoute();
    const isInfo = rest[0] === "info";
    const [bucket = "", ...name] = rest
      .slice(isInfo ? 1 : 0)
      .filter((part, at) => at || part !== "authenticated");
    await this.#objects.bucket(bucket);
    const object = await this.#objects.find(claims, bucket, name.join("/"));
    if (isInfo) return sendJson(response, 200, infoOf(object, bucket));
    return sendObject(this.#objects, object, request, response, fault);
  }

  /** As Storage: without a token the request has no form; with one that is none any more it is refused. */
  async #claimsOf(request: IncomingMessage): Promise<Claims> {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (!token)
      throw new StorageError(400, "Error", "Error", "headers must have required property 'authorization'");
    const claims = await this.#project.verify(token);
    if (!claims) throw accessDenied('"exp" claim timestamp check failed');
    return claims;
  }

  async #bucket(
    request: IncomingMessage,
    response: ServerResponse,
    claims: Claims,
    id: string | undefined,
  ): Promise<void> {
    if (claims.role !== "service_role") throw accessDenied("new row violates row-level security policy");
    if (request.method === "GET" && id) return sendJson(response, 200, await this.#objects.bucket(id));
    if (request.method !== "POST" || id) throw noSuchRoute();
    const bucket = (await jsonOf(request)) as { id: string };
    await this.#objects.createBucket(bucket);
    return sendJson(response, 200, { name: bucket.id });
  }

  async #list(
    request: IncomingMessage,
    response: ServerResponse,
    claims: Claims,
    bucket: string,
  ): Promise<void> {
    const asked = (await jsonOf(request)) as { prefix?: string; cursor?: string; limit?: number };
    await this.#objects.bucket(bucket);
    const limit = Math.min(asked.limit ?? maxListed, maxListed);
    const after = asked.cursor ? String(Buffer.from(asked.cursor, "base64")) : "";
    const found = await this.#objects.list(claims, bucket, {
      prefix: asked.prefix ?? "",
      after,
      limit: limit + 1,
    });
    const objects = found.slice(0, limit).map((each) => ({ ...listed(each), key: each.name }));
    const hasNext = found.length > limit;
    const nextCursor = hasNext && Buffer.from(objects.at(-1)?.name ?? "").toString("base64");
    return sendJson(response, 200, { hasNext, folders: [], objects, ...(nextCursor && { nextCursor }) });
  }

  /** One folder: its files, and the folders in it, which have a name only. */
  async #listFolder(
    request: IncomingMessage,
    response: ServerResponse,
    claims: Claims,
    bucket: string,
  ): Promise<void> {
    const asked = (await jsonOf(request)) as { prefix?: string; limit?: number; offset?: number };
    const prefix = asked.prefix ? `${asked.prefix.replace(/\/$/, "")}/` : "";
    const found = await this.#objects.list(claims, bucket, { prefix, after: "", limit: maxListed });
    const entries = new Map<string, object>();
    for (const object of found) {
      const [name = "", ...below] = object.name.slice(prefix.length).split("/");
      entries.set(name, below.length > 0 ? { name, id: null, metadata: null } : { ...listed(object), name });
    }
    const offset = asked.offset ?? 0;
    return sendJson(response, 200, [...entries.values()].slice(offset, offset + (asked.limit ?? 100)));
  }

  async #remove(
    request: IncomingMessage,
    response: ServerResponse,
    claims: Claims,
    bucket: string,
  ): Promise<void> {
    const { prefixes } = (await jsonOf(request)) as { prefixes: string[] };
    await this.#objects.bucket(bucket);
    sendJson(response, 200, (await this.#objects.remove(claims, bucket, prefixes)).map(listed));
  }

  async #sign(
    request: IncomingMessage,
    response: ServerResponse,
    claims: Claims,
    [bucket = "", ...name]: string[],
  ): Promise<void> {
    const { expiresIn } = (await jsonOf(request)) as { expiresIn?: number };
    if (!expiresIn) throw missingParameter("expiresIn");
    const url = [bucket, ...name].join("/");
    await this.#objects.find(claims, bucket, name.join("/"));
    const exp = Math.floor(Date.now() / 1000) + expiresIn;
    const token = signToken({ role: "anon", url, exp }, this.#project.jwtSecret);
    sendJson(response, 200, { signedURL: `/object/sign/${url}?token=${token}` });
  }

  async #sendSigned(
    request: IncomingMessage,
    response: ServerResponse,
    [bucket = "", ...name]: string[],
    url: URL,
    fault: Fault | undefined,
  ): Promise<void> {
    const claims = claimsOf(url.searchParams.get("token") ?? "", this.#project.jwtSecret);
    if (claims?.url !== [bucket, ...name].join("/"))
      throw new StorageError(400, "InvalidJWT", "InvalidJWT", '"exp" claim timestamp check failed');
    const service: Claims = { role: "service_role", exp: claims.exp };
    const object = await this.#objects.find(service, bucket, name.join("/"));
    return sendObject(this.#objects, object, request, response, fault);
  }
}

function refuse(response: ServerResponse, { status, retryAfter }: Extract<Fault, { status: number }>): void {
  if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
  sendJson(response, status, { statusCode: `${status}`, error: "fault", message: "planned by a test" });
}

function listed({ id, name, created_at, updated_at, metadata }: StoredObject) {
  return { id, name, created_at, updated_at, last_accessed_at: updated_at, metadata };
}

function infoOf(object: StoredObject, bucket: string) {
  const { eTag, size, mimetype, cacheControl, lastModified } = object.metadata;
  return {
    ...{ id: object.id, name: object.name, version: object.version, bucket_id: bucket, size },
    ...{ content_type: mimetype, cache_control: cacheControl, etag: eTag, last_modified: lastModified },
    ...{ metadata: object.user_metadata, created_at: object.created_at },
  };
}

const maxJsonBytes = 1_000_000;

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > maxJsonBytes) throw new StorageError(400, "InvalidRequest", "Error", "Body too large");
  }
  return JSON.parse(text || "{}");
}
