import type { Counts } from "./vitals.ts";

/** What every worker begins with. */
export const noCounts: Counts = {
  pages: 0,
  completed: 0,
  partial: 0,
  refused: 0,
  failed: 0,
  retried: 0,
  stalled: 0,
  handedBack: 0,
};

/** Shares since the worker started, 0 to 1; null before the first document. */
export interface Rates {
  /** Documents read, whole or in part, of those that could be read and came to their end. */
  readonly success: number | null;
  /** Documents that gave up, of the same. */
  readonly failure: number | null;
  /** Claims whose document is tried again, after a failure or a stall, of all that were settled. */
  readonly retry: number | null;
  /** Of these, the ones that stopped moving. */
  readonly stall: number | null;
}

export function ratesOf({ completed, partial, failed, retried, stalled }: Counts): Rates {
  const ended = completed + partial + failed;
  const settled = ended + retried + stalled;
  return {
    success: share(completed + partial, ended),
    failure: share(failed, ended),
    retry: share(retried + stalled, settled),
    stall: share(stalled, settled),
  };
}

/** To four decimals: a hundredth of a percent. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
