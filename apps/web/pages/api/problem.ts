import type { ProblemAnswer } from "./answers.ts";

/** A request that was refused, by the server (RFC 9457) or because nothing answered. The message says what to do. */
export class Problem extends Error {
  override readonly name = "Problem";
  /** The server's, or `no_connection`, or `unknown`. */
  readonly code: string;
  /** 0 where nothing answered. */
  readonly status: number;
  readonly retryable: boolean;
  /** Seconds to wait before asking again, where the server named them. */
  readonly retryAfterSeconds: number | null;

  constructor(facts: {
    code: string;
    status: number;
    detail: string;
    retryable: boolean;
    retryAfterSeconds?: number | null;
  }) {
    super(facts.detail);
    this.code = facts.code;
    this.status = facts.status;
    this.retryable = facts.retryable;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
  }
}

/** Nothing answered at all, or something between us and Quire that is not Quire. */
export function noConnection(): Problem {
  return new Problem({
    code: "no_connection",
    status: 0,
    detail: "Quire cannot be reached at the moment.",
    retryable: true,
  });
}

export function isNoConnection(error: unknown): boolean {
  return error instanceof Problem && error.code === "no_connection";
}

const unauthorizedStatus = 401;
const tooManyStatus = 429;
/** What a proxy says when the server behind it is away. */
const gatewayStatuses = new Set([502, 503, 504]);

/**
 * Reads a refusal.
 * @param status the HTTP status
 * @param body the answer's body, whatever it is
 * @param retryAfter the Retry-After header, in seconds (the server sends no dates)
 */
export function toProblem(status: number, body: string, retryAfter: string | null): Problem {
  const retryAfterSeconds = retryAfter === null || !/^\d+$/.test(retryAfter) ? null : Number(retryAfter);
  const answer = parseProblem(body);
  if (answer !== null) {
    return new Problem({ ...answer, status, retryAfterSeconds });
  }
  if (gatewayStatuses.has(status)) {
    return noConnection();
  }
  return new Problem({ ...withoutWords(status), status, retryAfterSeconds });
}

/** Of answers without a body, as those to HEAD are. */
function withoutWords(status: number): { code: string; detail: string; retryable: boolean } {
  if (status === tooManyStatus) {
    return { code: "queue_full", detail: "Too many documents are waiting at the moment.", retryable: true };
  }
  return {
    code: "unknown",
    detail: "Quire gave an answer that this page does not understand. Reload the page and try again.",
    retryable: status >= 500,
  };
}

function parseProblem(body: string): ProblemAnswer | null {
  try {
    const answer: unknown = JSON.parse(body);
    const isProblem =
      typeof answer === "object" &&
      answer !== null &&
      "detail" in answer &&
      typeof answer.detail === "string";
    return isProblem ? ({ code: "unknown", retryable: false, ...answer } as ProblemAnswer) : null;
  } catch {
    return null;
  }
}

/** Nobody is signed in any more: whoever shows the pages asks for it, not the page that was refused. */
export function signInRequired(): Problem {
  return new Problem({
    code: "sign_in_required",
    status: unauthorizedStatus,
    detail: "Your session has ended. Sign in again.",
    retryable: false,
  });
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof Problem && error.status === unauthorizedStatus;
}
