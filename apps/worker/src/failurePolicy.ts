import { type ErrorCode, QuireError } from "@quire/core";

/**
 * What an error means for the document it came up with. `fail`: it can never be read. `retry`: it may go better
 * after a while, which counts as a failure. `stall`: it stopped moving, which counts if there was no new page.
 * `release`: it is not the document's fault; it goes back uncharged, and this worker pauses.
 */
export type FailurePolicy = "fail" | "retry" | "stall" | "release";

/** Those not named are tried again. */
const policies: Partial<Record<ErrorCode, FailurePolicy>> = {
  empty_file: "fail",
  unsupported_format: "fail",
  file_too_large: "fail",
  too_many_pages: "fail",
  page_too_large: "fail",
  encrypted_pdf: "fail",
  corrupt_file: "fail",
  language_missing: "fail",
  invalid_storage_key: "fail",
  // Of opening the document, which was tried alone, twice.
  engine_crashed: "fail",
  engine_out_of_memory: "fail",
  file_missing: "retry",
  file_changed: "retry",
  page_timeout: "retry",
  no_progress: "stall",
  job_timeout: "stall",
  storage_unavailable: "release",
  temp_dir_unavailable: "release",
  file_unreadable: "release",
  engine_unavailable: "release",
  database_unavailable: "release",
};

/** Seconds before the first retry; doubled with each further one. A missing file may still be on its way. */
export function retryDelaySeconds({ code }: QuireError): number {
  return code === "file_missing" ? 60 : 5;
}

/** The document goes back uncharged: the worker leaves, or the document only waited. */
export class Released extends Error {
  override readonly name = "Released";
}

export function policyOf(error: QuireError): FailurePolicy {
  return policies[error.code] ?? "retry";
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
