import { setTimeout as delay } from "node:timers/promises";
import { StorageFailure } from "./storageFailure.ts";

/** How often a request is made at most, and how long is waited in between: a blip is bridged, an outage told soon. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly mostWaitMs: number;
  /** Storage that asks for more is not waited for: the document waits in the queue instead. */
  readonly mostRetryAfterMs: number;
}

export const retryPolicy: RetryPolicy = {
  attempts: 4,
  firstWaitMs: 250,
  mostWaitMs: 4_000,
  mostRetryAfterMs: 20_000,
};

/**
 * Runs `attempt` until it succeeds, fails for good, or has failed often enough.
 *
 * @param mayRepeat whether what failed in passing may be done again
 * @param signal ends the waiting
 * @throws StorageFailure the last one; whatever else `attempt` throws; the signal's reason
 */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  {
    policy,
    mayRepeat = () => true,
    signal,
  }: { policy: RetryPolicy; mayRepeat?: () => boolean; signal?: AbortSignal | undefined },
): Promise<Result> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = error instanceof StorageFailure ? waitMsAfter(error, made, policy) : null;
      if (waitMs === null || !mayRepeat()) throw error;
      await delay(waitMs, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted());
    }
  }
}

/** How long to wait after this failure before the next attempt; null: there is none. */
export function waitMsAfter(
  failure: StorageFailure,
  attemptsMade: number,
  policy: RetryPolicy,
): number | null {
  if (failure.kind !== "transient" || attemptsMade >= policy.attempts) return null;
  const { retryAfterMs } = failure;
  if (retryAfterMs !== null && retryAfterMs > policy.mostRetryAfterMs) return null;
  const backoffMs = Math.min(policy.firstWaitMs * 2 ** (attemptsMade - 1), policy.mostWaitMs);
  // Half fixed, half random: a fleet does not come back in one wave. What Storage asks for is the least.
  return Math.max(backoffMs / 2, retryAfterMs ?? 0) + (Math.random() * backoffMs) / 2;
}
