import type { IncomingMessage, ServerResponse } from "node:http";

/** How long a client may go on sending after it was refused, before it is cut off. */
const lingerMs = 5_000;

/**
 * Answers a request whose body has perhaps not come in whole. Closing the connection on a client that still sends
 * would reset it, and the client might never see the answer (RFC 9112, section 9.6): what it sends is thrown away
 * until it has read the answer and stops, for a while.
 */
export function answerEarly(request: IncomingMessage, response: ServerResponse, body: string): void {
  response.setHeader("Content-Length", Buffer.byteLength(body));
  if (!isStillSending(request)) {
    response.end(request.method === "HEAD" ? "" : body);
    return;
  }
  response.setHeader("Connection", "close");
  if (request.method === "HEAD") response.flushHeaders();
  else response.write(body);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  request.once("close", end);
  request.once("end", end);
  request.on("error", () => {});
  // Whoever read the body has stopped; as long as it listens, nothing flows past it.
  for (const event of ["data", "readable"]) request.removeAllListeners(event);
  request.unpipe();
  request.resume();
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function isStillSending(request: IncomingMessage): boolean {
  return hasBody(request) && !request.complete && !request.destroyed;
}
