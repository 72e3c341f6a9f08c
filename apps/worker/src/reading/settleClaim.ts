import { describeError, type Logger } from "@quire/core/log";
import type { Claim } from "@quire/store";
import { ClaimLost } from "@quire/store";
import type { DocumentOutcome } from "../health/metrics.ts";
import { asQuireError, policyOf, Released, retryDelaySeconds } from "./failurePolicy.ts";

/** How it ended, and whether the worker had better wait before it claims again: it was not the document's fault. */
export interface Aftermath {
  readonly outcome: DocumentOutcome;
  readonly pause: boolean;
}

/**
 * Ends a claim whose document could not be read to its end: by the policy for what went wrong. Never rejects: a claim
 * that cannot be settled is not lost, for its heartbeat lapses.
 *
 * @param error what {@link DocumentJob.run} rejected with, unless the claim is lost
 */
export async function settleClaim(claim: Claim, error: unknown, log: Logger): Promise<Aftermath> {
  try {
    return await settle(claim, error, log);
  } catch (failure) {
    const told = { error: describeError(error), settling: describeError(failure) };
    log.warn(told, "document left to whoever comes next");
    return { outcome: "lost", pause: !(failure instanceof ClaimLost) };
  }
}

async function settle(claim: Claim, error: unknown, log: Logger): Promise<Aftermath> {
  if (error instanceof Released) {
    await claim.release();
    log.info({ reason: error.message }, "document handed back");
    return { outcome: "handed_back", pause: false };
  }
  const reason = asQuireError(error);
  const told = { error: describeError(reason) };
  const policy = policyOf(reason);
  switch (policy) {
    case "fail":
      await claim.fail(reason.code, reason.message);
      log.info(told, "document failed");
      // What makes no sense to ask again is the document's fault; the rest was ours to read.
      return { outcome: reason.retryable ? "failed" : "refused", pause: false };
    case "retry":
    case "stall": {
      const kind = policy === "retry" ? "failure" : "stall";
      const status = await claim.retry(kind, reason.code, reason.message, retryDelaySeconds(reason));
      log.warn({ ...told, status }, "document went wrong");
      if (status === "failed") return { outcome: "failed", pause: false };
      return { outcome: policy === "retry" ? "retried" : "stalled", pause: false };
    }
    case "release":
      await claim.release();
      log.warn(told, "document handed back");
      return { outcome: "handed_back", pause: true };
  }
}
