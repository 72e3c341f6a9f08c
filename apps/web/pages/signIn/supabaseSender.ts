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
const validHours = 24;

const unauthorizedStatus = 401;
/** Storage says of a token that has expired that the request is bad, or forbidden. */
const refusedStatuses = new Set([400, 401, 403]);
const tooLargeStatus = 413;
const tooManyStatus = 429;
const firstFaultStatus = 500;
const alreadyStored = "already_stored";
const gatewayStatuses = new Set([502, 503, 504]);

/** Sends files straight to the storage of a Supabase project, and then adds the document by our API. */
export function supabaseSender(storage: SupabaseStorage): UploadSender {
  return {
    sendOnce: sendTo(targetOf(storage)),
    validHours,
    terminate: (uploadUrl) => terminateAt(uploadUrl, () => headersOf(storage)),
  };
}

function sendTo(target: TusTarget): SendOnce {
  return async (attempt) => {
    // Once all of it is there, only the document is missing: the storage knows of the upload no more.
    if (attempt.receivedBytes < attempt.file.size) {
      const ending = await sendByTusTo(target, attempt);
      const isStored = ending.kind === "failed" && ending.problem.code === alreadyStored;
      if (ending.kind !== "done" && !isStored) {
        return ending;
      }
      attempt.onReceived(attempt.file.size);
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
    metadataOf: ({ id }) => ({
      bucketName: storage.bucket,
      objectName: `${storage.ownerId}/${id}/original`,
      // What it is, its first bytes tell; browsers have names for some types that no bucket knows.
      contentType: "application/octet-stream",
      cacheControl: "3600",
    }),
    // Nobody may change a file that is there: its owner's policies have no such right.
    headers: async () => ({ ...(await headersOf(storage)), "x-upsert": "false" }),
    // That it is there is all that Storage says.
    outcomeOf: () => ({ documentId: null, isNew: true }),
    problemOf,
  };
}

async function addStored({ id, metadata, signal }: Attempt): Promise<AttemptEnding> {
  const { filename = "", languages, textLayer, quality } = metadata;
  const options = {
    ...(languages && { languages: languages.split(",") }),
    ...(textLayer && { textLayer }),
    ...(quality && { quality }),
  };
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

/** Refusals of Supabase Storage, `{ statusCode, error, message }` or plain text, in our words. */
function problemOf(answered: number, body: string, retryAfter: string | null): Problem {
  const retryAfterSeconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  const status = statusIn(body) ?? answered;
  const refusal = (code: string, detail: string, retryable = false) =>
    new Problem({ code, status, detail, retryable, retryAfterSeconds });
  if (gatewayStatuses.has(status)) {
    return noConnection();
  }
  if (/already exists/i.test(body)) {
    return refusal(alreadyStored, "The file is there already.");
  }
  if (refusedStatuses.has(status) && /jwt|"exp"|token/i.test(body)) {
    const detail = "The storage has not accepted who you are.";
    return new Problem({ code: "token_expired", status: unauthorizedStatus, detail, retryable: true });
  }
  if (status === tooLargeStatus) {
    return refusal("file_too_large", "The storage takes no file of this size.");
  }
  return status >= firstFaultStatus || status === tooManyStatus
    ? refusal("storage_busy", "The storage is busy.", true)
    : refusal("storage_refused", "The storage has refused the file. Tell whoever runs Quire here.");
}

/** Storage answers 400 to most that it refuses, and says in the body what it means. */
function statusIn(body: string): number | null {
  return Number(/"statusCode"\s*:\s*"?(\d{3})\b/.exec(body)?.[1] ?? 0) || null;
}
