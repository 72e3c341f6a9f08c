/** Of a request alone, mostly over HTTP: no document carries one. */
const requestErrorCodes = {
  webhook_not_found: { retryable: false },
  invalid_webhook: { retryable: false },
  too_many_webhooks: { retryable: false },
  webhook_busy: { retryable: true },
  // The document can be read, but no PDF be made of it.
  pdf_signed: { retryable: false },
  pdf_encrypted: { retryable: false },
  pdf_unwritable: { retryable: false },
  pdf_maker_failed: { retryable: true },
  unauthorized: { retryable: false },
  operations_closed: { retryable: false },
  sign_in_required: { retryable: false },
  token_expired: { retryable: false },
  token_invalid: { retryable: false },
  sign_in_unavailable: { retryable: true },
  cross_site_request: { retryable: false },
  forbidden_host: { retryable: false },
  not_found: { retryable: false },
  method_not_allowed: { retryable: false },
  range_not_satisfiable: { retryable: false },
  unsupported_upload_protocol: { retryable: false },
  upload_not_found: { retryable: false },
  upload_conflict: { retryable: true },
  too_many_uploads: { retryable: true },
  too_many_watchers: { retryable: true },
  output_busy: { retryable: true },
  output_timeout: { retryable: true },
  pages_not_built: { retryable: false },
} as const;
export type RequestErrorCode = keyof typeof requestErrorCodes;

/**
 * Every way in which Quire says no. `retryable` means that the same request may succeed later, unchanged.
 * The remedy of each code stands in docs/errors.md; a message carries the figures of the case at hand.
 */
export const errorCodes = {
  // The document is refused.
  file_unreadable: { retryable: false },
  empty_file: { retryable: false },
  unsupported_format: { retryable: false },
  file_too_large: { retryable: false },
  too_many_pages: { retryable: false },
  page_too_large: { retryable: false },
  encrypted_pdf: { retryable: false },
  corrupt_file: { retryable: false },
  // One page could not be read; the document goes on.
  page_unreadable: { retryable: false },
  page_timeout: { retryable: true },
  engine_crashed: { retryable: true },
  engine_out_of_memory: { retryable: true },
  page_out_of_memory: { retryable: true },
  // The whole document could not be read, this time or at all.
  too_many_failed_pages: { retryable: true },
  no_progress: { retryable: true },
  job_timeout: { retryable: true },
  file_missing: { retryable: true },
  file_changed: { retryable: true },
  storage_unavailable: { retryable: true },
  // The queue or the documents in it do not allow it.
  owner_queue_full: { retryable: true },
  queue_full: { retryable: true },
  document_not_found: { retryable: false },
  document_erased: { retryable: false },
  original_erased: { retryable: false },
  document_busy: { retryable: true },
  page_not_found: { retryable: true },
  invalid_document: { retryable: false },
  // The request or the installation is at fault.
  database_unavailable: { retryable: true },
  schema_outdated: { retryable: false },
  invalid_storage_key: { retryable: false },
  invalid_request: { retryable: false },
  temp_dir_unavailable: { retryable: true },
  internal_error: { retryable: true },
  port_in_use: { retryable: true },
  invalid_configuration: { retryable: false },
  language_missing: { retryable: false },
  models_missing: { retryable: false },
  models_damaged: { retryable: false },
  page_out_of_range: { retryable: false },
  output_unwritable: { retryable: false },
  already_running: { retryable: true },
  engine_unavailable: { retryable: true },
  worker_unreachable: { retryable: true },

  ...requestErrorCodes,
} as const satisfies Record<string, { retryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

/** The one error of the project: a code for programs, a message with the remedy for people. */
export class QuireError extends Error {
  override readonly name = "QuireError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(errorCodes, value);
}
