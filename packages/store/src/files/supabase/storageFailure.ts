import { type ErrorCode, QuireError } from "@quire/core";
import type { StorageError } from "@supabase/storage-js";

/** Why Storage did not do as asked. */
export type FailureKind =
  | "missing_file"
  | "missing_bucket"
  | "exists"
  | "beyond_end"
  | "too_large"
  | "refused_key"
  | "refused_type"
  | "quota"
  | "transient"
  | "other";

/** What each becomes where nobody handles it, with what to do. No message of Storage's is shown: some hold the key. */
const translations: Readonly<Record<FailureKind, readonly [ErrorCode, string]>> = {
  missing_file: ["file_missing", "The file is not in the store. Send it again."],
  missing_bucket: [
    "storage_unavailable",
    "The bucket is not there. Check SUPABASE_URL and SUPABASE_BUCKET, and run: quire migrate",
  ],
  exists: ["storage_unavailable", "The file store holds such a file already."],
  beyond_end: ["storage_unavailable", "The file store does not give that part of the file. Try again."],
  too_large: [
    "file_too_large",
    "The file is over the limit of the file store. Split the document into smaller files, or raise the file size " +
      "limit of the bucket (quire migrate sets it to MAX_FILE_MB) and of the project.",
  ],
  refused_key: [
    "storage_unavailable",
    "The file store does not accept SUPABASE_SERVICE_ROLE_KEY. Check that it is this project's secret key and has " +
      "neither expired nor been revoked.",
  ],
  refused_type: [
    "storage_unavailable",
    "The bucket does not take files of this type. Allow application/octet-stream in it, or run: quire migrate",
  ],
  quota: [
    "storage_unavailable",
    "The project's quota of storage is used up. Make room in it or raise it; then try again.",
  ],
  transient: [
    "storage_unavailable",
    "The file store does not answer. Try again; if it stays away, see its status page.",
  ],
  other: [
    "storage_unavailable",
    "The file store refused the request. Check SUPABASE_URL and the bucket's settings.",
  ],
};

/** A request that failed, within the adapter. Its cause says status and code, and nothing that Storage wrote freely. */
export class StorageFailure extends Error {
  readonly kind: FailureKind;
  /** How long Storage asked to be left alone; null: it did not say. */
  readonly retryAfterMs: number | null;

  constructor(kind: FailureKind, cause: unknown, retryAfterMs: number | null = null) {
    super(`storage: ${kind}`, { cause });
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }

  /** What the store's caller gets to see. */
  translate(): QuireError {
    const [code, message] = translations[this.kind];
    return new QuireError(code, message, { cause: this.cause });
  }
}

/** What the client's error means. Storage sends most statuses as 400 over HTTP, and the real one in the body. */
export function failureOf(error: StorageError, response: Response | undefined): StorageFailure {
  if (error.status === undefined) return new StorageFailure("transient", originalOf(error));
  const told = Number(error.statusCode);
  const status = Number.isInteger(told) && told >= 400 ? told : error.status;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const cause = new Error(`Storage answered ${status}${/^\w{1,40}$/.test(code) ? ` ${code}` : ""}`);
  const kind = kindOf(status, code, error.message);
  return new StorageFailure(kind, cause, retryAfterMsOf(response?.headers.get("retry-after") ?? null));
}

function kindOf(status: number, code: string, message: string): FailureKind {
  if (status === 404 || code === "NoSuchKey" || code === "NoSuchBucket") {
    // Older services have no codes.
    return code === "NoSuchBucket" || /bucket not found/i.test(message) ? "missing_bucket" : "missing_file";
  }
  if (status === 401 || status === 403 || ["InvalidJWT", "ExpiredToken"].includes(code)) return "refused_key";
  if (status === 402 || status === 507 || /quota/i.test(code)) return "quota";
  if (status === 409) return "exists";
  if (status === 413 || code === "EntityTooLarge") return "too_large";
  if (status === 415 || code === "InvalidMimeType") return "refused_type";
  if (status === 416 || code === "InvalidRange") return "beyond_end";
  if (status >= 500 || [408, 423, 425, 429].includes(status)) return "transient";
  return "other";
}

function originalOf(error: StorageError): unknown {
  return "originalError" in error ? error.originalError : error;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterMsOf(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : null;
}
