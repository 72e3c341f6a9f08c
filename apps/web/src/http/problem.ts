import { STATUS_CODES } from "node:http";
import { type ErrorCode, QuireError } from "@quire/core";
import type { ProblemAnswer } from "../api/shapes.ts";

/** The status of each refusal. What a document was refused for is the content's fault, whenever it is told: 422. */
const statuses: Record<ErrorCode, number> = {
  invalid_request: 400,
  unauthorized: 401,
  sign_in_required: 401,
  token_expired: 401,
  token_invalid: 401,
  operations_closed: 403,
  cross_site_request: 403,
  not_found: 404,
  document_not_found: 404,
  page_not_found: 404,
  page_out_of_range: 404,
  upload_not_found: 404,
  webhook_not_found: 404,
  file_missing: 404,
  method_not_allowed: 405,
  document_busy: 409,
  upload_conflict: 409,
  too_many_webhooks: 409,
  webhook_busy: 409,
  document_erased: 410,
  original_erased: 410,
  unsupported_upload_protocol: 412,
  file_too_large: 413,
  unsupported_format: 415,
  range_not_satisfiable: 416,
  // RFC 9110, 15.5.20: this server is not willing to answer for that host.
  forbidden_host: 421,
  empty_file: 422,
  invalid_document: 422,
  invalid_webhook: 422,
  language_missing: 422,
  file_unreadable: 422,
  file_changed: 422,
  too_many_pages: 422,
  page_too_large: 422,
  encrypted_pdf: 422,
  corrupt_file: 422,
  pdf_signed: 422,
  pdf_encrypted: 422,
  pdf_unwritable: 422,
  page_unreadable: 422,
  page_timeout: 422,
  page_out_of_memory: 422,
  engine_crashed: 422,
  engine_out_of_memory: 422,
  too_many_failed_pages: 422,
  no_progress: 422,
  job_timeout: 422,
  owner_queue_full: 429,
  queue_full: 429,
  too_many_uploads: 429,
  pdf_maker_failed: 500,
  internal_error: 500,
  invalid_storage_key: 500,
  invalid_configuration: 500,
  output_unwritable: 500,
  already_running: 500,
  port_in_use: 500,
  database_unavailable: 503,
  schema_outdated: 503,
  storage_unavailable: 503,
  temp_dir_unavailable: 503,
  engine_unavailable: 503,
  models_missing: 503,
  models_damaged: 503,
  worker_unreachable: 503,
  output_busy: 503,
  output_timeout: 503,
  sign_in_unavailable: 503,
  too_many_watchers: 503,
  pages_not_built: 503,
};

/**
 * Seconds after which it is worth asking again. A queue moves by the page, and its own bound keeps it long: a minute
 * is soon enough; a database or a disk that is away for a moment is back within seconds.
 */
const retryAfterSeconds: Readonly<Record<number, number>> = { 429: 60, 503: 10 };

export interface Problem {
  readonly answer: ProblemAnswer;
  /** For the header `Retry-After`; null where asking again is of no use. */
  readonly retryAfterSeconds: number | null;
}

/** RFC 9457, section 4.2.1: with `about:blank` the title is the status in words; `code` says the rest. */
export function problemOf(error: unknown): Problem {
  const { code, message, retryable } = error instanceof QuireError ? error : unknown;
  const status = statusOf(code);
  const title = STATUS_CODES[status] ?? "";
  return {
    answer: { type: "about:blank", title, status, detail: message, code, retryable },
    retryAfterSeconds: retryable ? (retryAfterSeconds[status] ?? null) : null,
  };
}

export function statusOf(code: ErrorCode): number {
  return statuses[code];
}

/** What nobody foresaw may carry anything: none of it is told. */
const unknown = new QuireError(
  "internal_error",
  "A fault of Quire's own; its log has the cause. Please report it, and try again.",
);
