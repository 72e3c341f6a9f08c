import { QuireError } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import type { ErrorRequestHandler, Request } from "express";
import { answerEarly } from "./answerEarly.ts";
import { problemOf } from "./problem.ts";
import { challengeOf } from "./tokenChallenge.ts";

/** Meant for the answer that did not come about. */
const headersOfContent = ["Accept-Ranges", "Content-Disposition", "ETag"];
const firstFaultStatus = 500;

/** The one place where an error becomes an answer: problem details, and for a fault of ours a line in the log. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = asRefusal(thrown);
    const { answer, retryAfterSeconds } = problemOf(error);
    const hasGone = response.destroyed || request.socket.destroyed;
    const isFault = answer.status >= firstFaultStatus && !(hasGone && !(error instanceof QuireError));
    if (isFault)
      log[retryAfterSeconds === null ? "error" : "warn"](figures(error, request), "a request failed");
    // Whoever asked has gone, or has got half an answer already: then it must end early, for that to be seen.
    if (hasGone || response.headersSent) {
      response.destroy();
      return;
    }
    for (const name of headersOfContent) response.removeHeader(name);
    response.set("Cache-Control", "no-store");
    if (retryAfterSeconds !== null) response.set("Retry-After", `${retryAfterSeconds}`);
    const challenge = challengeOf(answer.code);
    if (challenge !== undefined) response.set("WWW-Authenticate", challenge);
    response.status(answer.status).type("application/problem+json");
    answerEarly(request, response, JSON.stringify(answer));
  };
}

/** An address that cannot be decoded, in Express's own words, is the asker's fault. */
function asRefusal(thrown: unknown): unknown {
  const { status } = (thrown ?? {}) as { status?: unknown };
  if (thrown instanceof QuireError || status !== 400) return thrown;
  return new QuireError("invalid_request", "The address cannot be decoded. Check its % signs.", {
    cause: thrown,
  });
}

/** The route as it is written, never the address itself, which carries what was searched for. */
function figures(error: unknown, { method, route }: Request): Record<string, unknown> {
  return { error: describeError(error), method, route: (route as { path?: string } | undefined)?.path };
}
