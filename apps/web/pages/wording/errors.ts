import type { ErrorCode } from "@quire/core";

/** What went wrong, and what the person who sent the document can do. */
export interface Explanation {
  readonly what: string;
  readonly remedy: string;
}

const scanAgain = "Scan or export the document again and upload the new file.";
const tryAgain = "Try again. If it comes back, tell whoever runs Quire here.";
const tellOperator = "Nothing is wrong with your document. Tell whoever runs Quire here.";

/**
 * For people, not operators: docs/errors.md has the remedies of whoever runs Quire. A code that is missing here is
 * shown with the server's message.
 */
const explanations: Partial<Record<ErrorCode, Explanation>> = {
  file_unreadable: { what: "The stored file cannot be opened.", remedy: tryAgain },
  empty_file: { what: "The file is empty.", remedy: scanAgain },
  unsupported_format: {
    what: "The file is neither a PDF nor a picture that Quire reads.",
    remedy: "Save it as a PDF, JPEG or PNG and upload that.",
  },
  too_many_pages: {
    what: "The document has too many pages.",
    remedy: "Split it into smaller files and upload them one by one.",
  },
  file_too_large: {
    what: "The file is too large.",
    remedy: "Split it into smaller files, or scan in black and white at 300 dpi.",
  },
  page_too_large: {
    what: "The picture has too many pixels.",
    remedy: "Scan at 300 dpi and upload the new file.",
  },
  encrypted_pdf: {
    what: "The PDF is protected by a password.",
    remedy: "Save a copy without a password and upload that.",
  },
  corrupt_file: { what: "The file is damaged: no page can be found in it.", remedy: scanAgain },
  document_busy: { what: "The document is being read.", remedy: "Wait until that is done." },
  pdf_signed: {
    what: "The PDF is signed: adding a text layer would invalidate its digital signature.",
    remedy: "Take the text, hOCR or ALTO, or upload a copy without the signature.",
  },
  pdf_encrypted: {
    what: "The PDF is protected, so a text layer cannot be added to it.",
    remedy: "Take the text, hOCR or ALTO, or upload a copy without protection.",
  },
  pdf_unwritable: {
    what: "A text layer cannot be added to this PDF because of how it is built.",
    remedy: "Take the text, hOCR or ALTO, or export the PDF again and upload that.",
  },
  pdf_maker_failed: { what: "The PDF could not be made.", remedy: tryAgain },
  output_busy: {
    what: "This is taking longer than usual; other files are ahead in the queue.",
    remedy: "Try again in a while.",
  },
  output_timeout: { what: "Making it took too long.", remedy: "Try again in a while." },
  original_erased: {
    what: "The original file was deleted under your retention settings.",
    remedy: "The text is still there.",
  },
  page_unreadable: { what: "The page is damaged.", remedy: scanAgain },
  page_timeout: { what: "Reading the page took too long.", remedy: "Scan it at 300 dpi or less." },
  engine_crashed: { what: "The page could not be read: the reader stopped at it twice.", remedy: scanAgain },
  engine_out_of_memory: {
    what: "The document needs more memory to open than there is.",
    remedy: "Export it again, or scan at 300 dpi or less.",
  },
  page_out_of_memory: {
    what: "The page needs more memory than there is.",
    remedy: "Scan it at 300 dpi or less.",
  },
  too_many_failed_pages: {
    what: "Too many of its pages could not be read.",
    remedy: `The pages that were read are here. ${scanAgain}`,
  },
  no_progress: { what: "Reading stopped making progress.", remedy: tryAgain },
  job_timeout: { what: "Reading took too long.", remedy: tryAgain },
  file_missing: { what: "The stored file is gone.", remedy: "Upload the document again." },
  file_changed: {
    what: "The stored file is not the one that was sent.",
    remedy: "Upload the document again.",
  },
  storage_unavailable: { what: "The stored files cannot be reached.", remedy: tellOperator },
  sign_in_required: { what: "You are signed out.", remedy: "Sign in again." },
  token_expired: { what: "Your sign-in has expired.", remedy: "Sign in again." },
  token_invalid: { what: "Your session is not valid for this site.", remedy: "Sign out and in again." },
  sign_in_unavailable: { what: "The sign-in service cannot be reached.", remedy: tryAgain },
  language_missing: { what: "The language of the document is not installed.", remedy: tellOperator },
  owner_queue_full: {
    what: "You have reached the limit of waiting documents.",
    remedy: "Wait until some are read.",
  },
  queue_full: { what: "Very many documents are waiting at the moment.", remedy: "Try again in a while." },
  upload_conflict: {
    what: "The upload was interrupted by another one of the same file.",
    remedy: "See whether another tab is uploading it, or try again.",
  },
  upload_not_found: { what: "The upload has expired.", remedy: "Choose the file again." },
  too_many_uploads: { what: "Too many uploads have been begun.", remedy: "Finish or cancel some." },
  internal_error: { what: "Something went wrong in Quire.", remedy: tryAgain },
};

/** What the file itself is refused for: reading it once more would find the same. */
const finalCodes: readonly string[] = [
  "empty_file",
  "unsupported_format",
  "too_many_pages",
  "file_too_large",
  "page_too_large",
  "encrypted_pdf",
  "corrupt_file",
  "file_changed",
] satisfies ErrorCode[];

/** Whether it is of no use to read the same file again. */
export function isFinal(code: string): boolean {
  return finalCodes.includes(code);
}

/** @param error as the server gives it; its message stands in where we have no words for its code */
export function explain(error: { readonly code: string; readonly message: string }): Explanation {
  const known = Object.hasOwn(explanations, error.code) ? explanations[error.code as ErrorCode] : undefined;
  return known ?? { what: error.message, remedy: "" };
}

/** Both in one line. */
export function explainInLine(error: { readonly code: string; readonly message: string }): string {
  const { what, remedy } = explain(error);
  return `${what} ${remedy}`.trim();
}
