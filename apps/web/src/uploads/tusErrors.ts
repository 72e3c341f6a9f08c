import { QuireError } from "@quire/core";

/** What the library throws: a status and a text, not always an Error. */
interface Refusal {
  readonly status_code: number;
  readonly body: string;
}

/** In our words what the library refuses; anything else as it is. */
export function translate(error: unknown, maxBytes: number): unknown {
  if (error instanceof QuireError || !isRefusal(error)) return error;
  const cause = error instanceof Error ? error : new Error(error.body.trim());
  switch (error.status_code) {
    case 404:
    case 410:
      return uploadNotFound();
    case 409:
      return new QuireError(
        "upload_conflict",
        "The upload is not where this request goes on. Ask with HEAD for its Upload-Offset, and go on from there.",
        { cause },
      );
    case 413:
      return new QuireError(
        "file_too_large",
        `The upload is more than its Upload-Length, or over the ${maxBytes / 1_000_000} MB limit. Split the document into smaller files.`,
        { cause },
      );
    case 500:
      return new QuireError(
        "upload_conflict",
        "Another request is writing to this upload. Ask with HEAD for its Upload-Offset in a moment.",
        { cause },
      );
    default:
      return new QuireError("invalid_request", `The upload protocol is not kept: ${error.body.trim()}.`, {
        cause,
      });
  }
}

export function uploadNotFound(): QuireError {
  return new QuireError(
    "upload_not_found",
    "There is no such upload: it was finished, removed, or has expired. Begin it again.",
  );
}

function isRefusal(error: unknown): error is Refusal {
  const { status_code, body } = (error ?? {}) as Partial<Record<keyof Refusal, unknown>>;
  return typeof status_code === "number" && typeof body === "string";
}
