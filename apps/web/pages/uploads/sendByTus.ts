import { type DetailedError, type HttpResponse, Upload } from "tus-js-client";
import { reportReached, reportUnreachable } from "../api/connection.ts";
import { isNoConnection, noConnection, type Problem, toProblem } from "../api/problem.ts";
import type { Attempt, AttemptEnding } from "./sendOnce.ts";

const uploadsPath = "/api/uploads";
/** A request of this size is over soon enough for a pause, and large enough not to be slowed by its answers. */
const chunkBytes = 6_000_000;

/** Sends over TUS, from where the server has it up to; retries are the caller's. */
export async function sendByTus(attempt: Attempt): Promise<AttemptEnding> {
  if (!(await isReadable(attempt.file))) {
    return { kind: "fileGone" };
  }
  const ending = await send(attempt);
  if (ending.kind === "failed" && isNoConnection(ending.problem)) {
    reportUnreachable();
  } else if (ending.kind !== "stopped") {
    reportReached();
  }
  return ending;
}

function send(attempt: Attempt): Promise<AttemptEnding> {
  return new Promise((resolve) => {
    const upload = new Upload(attempt.file as File, {
      // With an address to resume at, a new upload is begun by the caller's decision only.
      endpoint: attempt.uploadUrl === null ? uploadsPath : null,
      uploadUrl: attempt.uploadUrl,
      metadata: { ...attempt.metadata },
      chunkSize: chunkBytes,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => attempt.onUrl(upload.url as string),
      onProgress: (sentBytes) => attempt.onProgress(sentBytes),
      onChunkComplete: (_chunkBytes, receivedBytes) => attempt.onReceived(receivedBytes),
      onSuccess: ({ lastResponse }) => resolve(received(lastResponse)),
      onError: (error) => resolve({ kind: "failed", problem: problemOf(error) }),
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

/** The answer to the last bytes says what became of them; so does the one to asking how far an upload is. */
function received(response: HttpResponse): AttemptEnding {
  return {
    kind: "done",
    documentId: response.getHeader("Quire-Document") ?? null,
    isNew: response.getHeader("Quire-Document-New") !== "false",
  };
}

function problemOf(error: Error | DetailedError): Problem {
  const response = "originalResponse" in error ? error.originalResponse : null;
  if (response === null || response.getStatus() === 0) {
    return noConnection();
  }
  return toProblem(response.getStatus(), response.getBody() ?? "", response.getHeader("Retry-After") ?? null);
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
