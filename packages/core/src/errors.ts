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
  // The request or the installation is at fault.
  invalid_configuration: { retryable: false },
  language_missing: { retryable: false },
  page_out_of_range: { retryable: false },
  output_unwritable: { retryable: false },
  engine_unavailable: { retryable: true },
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
