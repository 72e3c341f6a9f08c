import type { IncomingMessage } from "node:http";
import { QuireError } from "@quire/core";

/** A line of 14 KB/s brings 50 MB in that time; slower ones have resumable uploads. */
const bodyWithinMs = 60 * 60_000;

/** Aborts when the client breaks off, or takes for ever, before its body has been read to the end. */
export function untilGone(request: IncomingMessage): AbortSignal {
  const gone = new AbortController();
  request.once("close", () => {
    // Also where all of it had come in, and was not yet read: it is gone with the connection.
    if (!request.readableEnded) gone.abort(new Error("the client broke off"));
  });
  const timer = setTimeout(() => gone.abort(tooSlow()), bodyWithinMs);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
  return gone.signal;
}

function tooSlow(): QuireError {
  return new QuireError(
    "invalid_request",
    "The file did not come in within an hour. Send it in pieces, as a resumable upload (TUS) to /api/uploads.",
  );
}
