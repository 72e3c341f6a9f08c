import { isNoConnection, type Problem } from "../api/problem.ts";

/** What to do after an attempt that failed. */
export type NextStep =
  | { readonly kind: "again"; readonly delayMs: number }
  /** Too much is waiting at the server, which named the time. */
  | { readonly kind: "heldUp"; readonly delayMs: number }
  /** The server no longer has what was sent. */
  | { readonly kind: "afresh" }
  | { readonly kind: "giveUp" };

const retryDelaysMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;
/** Where the server named no time. */
const heldUpMs = 30_000;
/** A connection is waited for without end, a server that answers with a fault of its own is not. */
const maxFaults = 10;
const maxFreshStarts = 3;

const status = {
  unauthorized: 401,
  tooMany: 429,
  conflict: 409,
  locked: 423,
  notFound: 404,
  gone: 410,
} as const;

/**
 * @param failures how many attempts have failed in a row, this one included (from 1)
 * @param freshStarts how often this upload has been begun anew
 * @param hasUrl whether the attempt resumed an upload that the server had
 */
export function nextStep(problem: Problem, failures: number, freshStarts: number, hasUrl: boolean): NextStep {
  const delayMs = retryDelaysMs[Math.min(failures, retryDelaysMs.length) - 1] as number;
  if (isNoConnection(problem)) {
    return { kind: "again", delayMs };
  }
  if (problem.status === status.tooMany) {
    return { kind: "heldUp", delayMs: (problem.retryAfterSeconds ?? 0) * 1_000 || heldUpMs };
  }
  if (hasUrl && (problem.status === status.notFound || problem.status === status.gone)) {
    return freshStarts < maxFreshStarts ? { kind: "afresh" } : { kind: "giveUp" };
  }
  // Another request of ours is still being ended by the server, or was taken further than its answer said.
  const isInOurWay = problem.status === status.locked || problem.status === status.conflict;
  // Another token has been asked for; where there is none, the uploads are stopped from outside.
  const isUnsigned = problem.status === status.unauthorized;
  if ((isInOurWay || isUnsigned || problem.status >= 500) && failures < maxFaults) {
    return { kind: "again", delayMs: Math.max(delayMs, (problem.retryAfterSeconds ?? 0) * 1_000) };
  }
  return { kind: "giveUp" };
}
