import { access } from "../api/access.ts";
import type { AddedAnswer } from "../api/answers.ts";
import { noConnection, Problem } from "../api/problem.ts";
import { request } from "../api/request.ts";
import { sendByTusTo, type TusTarget, terminateAt } from "../uploads/sendByTus.ts";
import type { Attempt, AttemptEnding, SendOnce } from "../uploads/sendOnce.ts";
import type { UploadSender } from "../uploads/startUploads.ts";

/** Where a project keeps files, and whose they are. */
export interface SupabaseStorage {
  readonly url: string;
  readonly anonKey: string;
  readonly bucket: string;
  readonly ownerId: string;
}

/** What Supabase takes at a time: this size exactly, the last piece alone may be smaller. */
const chunkBytes = 6 * 1024 * 1024;
/** An upload that was begun there can be resumed for so long. */
export const supabaseValidHours = 24;

const unauthorizedStatus = 401;
/** Storage says of a token that has expired that the request is bad, or forbidden. */
const refusedStatuses = new Set([400, 401, 403]);
const tooLargeStatus = 413;
const gatewayStatuses = new Set([502, 503, 504]);

/** Sends files straight to the storage of a Supabase project, and then adds the document by our API. */
export function supabaseSender(storage: SupabaseStorage): UploadSender {
  return {
    sendOnce: sendTo(targetOf(storage)),
    terminate: (uploadUrl) => terminateAt(uploadUrl, () => headersOf(storage)),
  };
}

function sendTo(target: TusTarget): SendOnce {
  return async (attempt) => {
    // Once all of it is there, only the document is missing: the storage knows of the upload no more.
    if (attempt.receivedBytes < attempt.file.size) {
      const ending = await sendByTusTo(target, attempt);
      if (ending.kind !== "done") {
        return ending;
      }
    }
    return addStored(attempt);
  };
}

/** For each request to the project. */
async function headersOf({ anonKey }: SupabaseStorage): Promise<Record<string, string>> {
  return { ...(await access().headers()), apikey: anonKey };
}

function targetOf(storage: SupabaseStorage): TusTarget {
  return {
    endpoint: `${storage.url}/storage/v1/upload/resumable`,
    chunkBytes,
    metadataOf: ({ id, file }) => ({
      bucketName: storage.bucket,
      objectName: `${storage.ownerId}/${id}/original`,
      contentType: file.type || "application/octet-stream",
      cacheControl: "3600",
    }),
    // A file that was sent and got lost before its document was added is sent again.
    headers: async () => ({ ...(await headersOf(storage)), "x-upsert": "true" }),
    problemOf,
  };
}

async function addStored({ id, metadata, signal }: Attempt): Promise<AttemptEnding> {
  const { filename = "", languages, textLayer } = metadata;
  const options = { ...(languages && { languages: languages.split(",") }), ...(textLayer && { textLayer }) };
  try {
    const { document, isNew } = await request<AddedAnswer>("/api/documents/stored", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, filename, options, force: metadata.force === "1" }),
      signal,
    });
    return { kind: "done", documentId: document.id, isNew };
  } catch (error) {
    if (signal.aborted) {
      return { kind: "stopped" };
    }
    return { kind: "failed", problem: error instanceof Problem ? error : noConnection() };
  }
}

/** Refusals of Supabase Storage, `{ statusCode, error, message }`, in our words. */
function problemOf(status: number, body: string, retryAfter: string | null): Problem {
  const retryAfterSeconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  if (gatewayStatuses.has(status)) {
    return noConnection();
  }
  if (refusedStatuses.has(status) && /jwt|"exp"|token/i.test(body)) {
    const detail = "The storage has not accepted who you are.";
    return new Problem({ code: "token_expired", status: unauthorizedStatus, detail, retryable: true });
  }
  if (status === tooLargeStatus) {
    const detail = "The storage takes no file of this size. Split it into smaller files.";
    return new Problem({ code: "file_too_large", status, detail, retryable: false });
  }
  const retryable = status >= 500 || status === 429;
  const detail = retryable
    ? "The storage is busy."
    : "The storage has refused the file. Tell whoever runs Quire here.";
  return new Problem({ code: "unknown", status, detail, retryable, retryAfterSeconds });
}
