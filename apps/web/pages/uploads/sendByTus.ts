import { type DetailedError, type HttpResponse, Upload } from "tus-js-client";
import { access } from "../api/access.ts";
import { reportReached, reportUnreachable } from "../api/connection.ts";
import { isNoConnection, noConnection, type Problem, toProblem } from "../api/problem.ts";
import type { Attempt, AttemptEnding, SendOnce } from "./sendOnce.ts";
import type { UploadMetadata } from "./upload.ts";

type Headers = Readonly<Record<string, string>>;

/** A server that takes resumable uploads (TUS). */
export interface TusTarget {
  /** Where uploads are begun. */
  readonly endpoint: string;
  readonly chunkBytes: number;
  metadataOf(attempt: Attempt): UploadMetadata;
  /** For each request. */
  headers(): Promise<Headers>;
  problemOf(status: number, body: string, retryAfter: string | null): Problem;
}

const apiTarget: TusTarget = {
  endpoint: "/api/uploads",
  // A request of this size is over soon enough for a pause, and large enough not to be slowed by its answers.
  chunkBytes: 6_000_000,
  metadataOf: ({ metadata }) => metadata,
  headers: () => access().headers(),
  problemOf: toProblem,
};

const unauthorizedStatus = 401;

/** Sends over TUS, from where the server has it up to; retries are the caller's. */
export const sendByTus: SendOnce = (attempt) => sendByTusTo(apiTarget, attempt);

/** The same, to another server. */
export async function sendByTusTo(target: TusTarget, attempt: Attempt): Promise<AttemptEnding> {
  if (!(await isReadable(attempt.file))) {
    return { kind: "fileGone" };
  }
  const used: { headers: Headers } = { headers: {} };
  const ending = await send(target, attempt, used);
  if (ending.kind === "failed" && isNoConnection(ending.problem)) {
    reportUnreachable();
  } else if (ending.kind !== "stopped") {
    reportReached();
  }
  if (ending.kind === "failed" && ending.problem.status === unauthorizedStatus) {
    await access().renew(used.headers);
  }
  return ending;
}

function send(target: TusTarget, attempt: Attempt, used: { headers: Headers }): Promise<AttemptEnding> {
  return new Promise((resolve) => {
    const upload = new Upload(attempt.file as File, {
      // With an address to resume at, a new upload is begun by the caller's decision only.
      endpoint: attempt.uploadUrl === null ? target.endpoint : null,
      uploadUrl: attempt.uploadUrl,
      metadata: { ...target.metadataOf(attempt) },
      chunkSize: target.chunkBytes,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onBeforeRequest: async (request) => {
        used.headers = await target.headers();
        for (const [name, value] of Object.entries(used.headers)) {
          request.setHeader(name, value);
        }
      },
      onUploadUrlAvailable: () => attempt.onUrl(upload.url as string),
      onProgress: (sentBytes) => attempt.onProgress(sentBytes),
      onChunkComplete: (_chunkBytes, receivedBytes) => attempt.onReceived(receivedBytes),
      onSuccess: ({ lastResponse }) => resolve(received(lastResponse)),
      onError: (error) => resolve({ kind: "failed", problem: problemOf(error, target) }),
    });
    attempt.signal.addEventListener("abort", () => {
      void upload.abort().catch(() => {});
      resolve({ kind: "stopped" });
    });
    if (attempt.signal.aborted) {
      resolve({ kind: "stopped" });
    } else {
      upload.start();
    }
  });
}

/** Takes back what a server has of an upload. */
export function terminateAt(uploadUrl: string, headers: () => Promise<Headers>): Promise<void> {
  return Upload.terminate(uploadUrl, {
    retryDelays: null,
    onBeforeRequest: async (request) => {
      for (const [name, value] of Object.entries(await headers())) {
        request.setHeader(name, value);
      }
    },
  });
}

/** The answer to the last bytes says what became of them; so does the one to asking how far an upload is. */
function received(response: HttpResponse): AttemptEnding {
  return {
    kind: "done",
    documentId: response.getHeader("Quire-Document") ?? null,
    isNew: response.getHeader("Quire-Document-New") !== "false",
  };
}

function problemOf(error: Error | DetailedError, target: TusTarget): Problem {
  const response = "originalResponse" in error ? error.originalResponse : null;
  if (response === null || response.getStatus() === 0) {
    return noConnection();
  }
  const retryAfter = response.getHeader("Retry-After") ?? null;
  return target.problemOf(response.getStatus(), response.getBody() ?? "", retryAfter);
}

/** A file that was changed or removed on disk after it was chosen cannot be read, and looks like a lost connection. */
async function isReadable(file: Blob): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
