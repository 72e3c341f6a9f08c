import type { ServerResponse } from "node:http";

/**
 * An error as Storage sends it: whatever its status, 400 over HTTP (500 stays 500), and the status as text in the
 * body (supabase/storage: src/http/error-handler.ts, src/internal/errors/codes.ts).
 */
export class StorageError extends Error {
  readonly status: number;
  readonly #code: string;
  readonly #error: string;

  constructor(status: number, code: string, error: string, message: string) {
    super(message);
    this.status = status;
    this.#code = code;
    this.#error = error;
  }

  send(response: ServerResponse): void {
    const { status, message } = this;
    const body = { statusCode: `${status}`, code: this.#code, error: this.#error, message };
    sendJson(response, status >= 500 ? 500 : 400, body);
  }
}

export const noSuchBucket = () =>
  new StorageError(404, "NoSuchBucket", "Bucket not found", "Bucket not found");
export const noSuchKey = () => new StorageError(404, "NoSuchKey", "not_found", "Object not found");
export const noSuchUpload = () => new StorageError(404, "NoSuchUpload", "NoSuchUpload", "Upload not found");
export const noSuchRoute = () => new StorageError(404, "InvalidRequest", "Not Found", "Route not found");
/** What it says holds the key, as Storage does. */
export const invalidKey = (key: string) =>
  new StorageError(400, "InvalidKey", "InvalidKey", `Invalid key: ${key}`);
export const invalidRange = () =>
  new StorageError(416, "InvalidRange", "InvalidRange", "The requested range is not satisfiable");
export const tooLarge = () =>
  new StorageError(
    413,
    "EntityTooLarge",
    "Payload too large",
    "The object exceeded the maximum allowed size",
  );
export const invalidType = (type: string) =>
  new StorageError(415, "InvalidMimeType", "invalid_mime_type", `mime type ${type} is not supported`);
export const alreadyExists = () =>
  new StorageError(409, "ResourceAlreadyExists", "Duplicate", "The resource already exists");
export const accessDenied = (message: string) =>
  new StorageError(403, "AccessDenied", "Unauthorized", message);
export const missingParameter = (name: string) =>
  new StorageError(400, "MissingParameter", "MissingParameter", `Missing Required Parameter ${name}`);

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
