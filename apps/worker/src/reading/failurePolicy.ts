import { type ErrorCode, QuireError, type RequestErrorCode } from "@quire/core";

/**
 * What an error means for the document it came up with. `fail`: it can never be read. `retry`: it may go better
 * after a while, which counts as a failure. `stall`: it stopped moving, which counts if there was no new page.
 * `release`: it is not the document's fault; it goes back uncharged, and this worker pauses.
 */
export type FailurePolicy = "fail" | "retry" | "stall" | "release";

const policies: Record<Exclude<ErrorCode, RequestErrorCode>, FailurePolicy> = {
  empty_file: "fail",
  unsupported_format: "fail",
  file_too_large: "fail",
  too_many_pages: "fail",
  page_too_large: "fail",
  encrypted_pdf: "fail",
  corrupt_file: "fail",
  language_missing: "fail",
  invalid_storage_key: "fail",
  invalid_document: "fail",
  page_out_of_range: "fail",
  // Of opening the document, which was tried alone, twice.
  engine_crashed: "fail",
  engine_out_of_memory: "fail",
  page_out_of_memory: "fail",
  // Settled by the page or the run they belong to; named here to be complete.
  page_unreadable: "fail",
  too_many_failed_pages: "fail",
  page_timeout: "retry",
  file_missing: "retry",
  file_changed: "retry",
  internal_error: "retry",
  no_progress: "stall",
  job_timeout: "stall",
  // What this machine or what it stands on lacks.
  file_unreadable: "release",
  storage_unavailable: "release",
  temp_dir_unavailable: "release",
  engine_unavailable: "release",
  models_missing: "release",
  models_damaged: "release",
  database_unavailable: "release",
  schema_outdated: "release",
  invalid_configuration: "release",
  output_unwritable: "release",
  already_running: "release",
  port_in_use: "release",
  owner_queue_full: "release",
  queue_full: "release",
  document_not_found: "release",
  document_erased: "release",
  original_erased: "release",
  document_busy: "release",
  page_not_found: "release",
  invalid_request: "release",
  worker_unreachable: "release",
};

/** A failed page or a fault may go better soon; a missing file may still be on its way. Doubled with each further try. */
const retryAfterSeconds = { soon: 5, later: 60 };

/** Seconds before the first retry. */
export function retryDelaySeconds({ code }: QuireError): number {
  return code === "file_missing" ? retryAfterSeconds.later : retryAfterSeconds.soon;
}

/** The document goes back uncharged: the worker leaves, or the document only waited. */
export class Released extends Error {
  override readonly name = "Released";
}

export function policyOf(error: QuireError): FailurePolicy {
  // What only a request over HTTP is refused for has nothing to do with a document.
  return error.code in policies ? policies[error.code as keyof typeof policies] : "release";
}

/** What is told of an error: our own as it is, anything else as an internal one. */
export function asQuireError(error: unknown): QuireError {
  if (error instanceof QuireError) return error;
  return new QuireError(
    "internal_error",
    "Something went wrong inside Quire. The worker's log has the cause; the document is tried again.",
    { cause: error },
  );
}
