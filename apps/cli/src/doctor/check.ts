import type { DoctorContext } from "./context.ts";

/** `skipped`: it cannot be told, for something that it needs has failed, or it does not apply here. */
export type Verdict = "ok" | "warning" | "failure" | "skipped";

/** What a check has found. No secret, and nothing of a document, stands in either text. */
export interface Finding {
  readonly verdict: Verdict;
  readonly message: string;
  /** What to do about it, where something is to be done. */
  readonly remedy?: string;
}

export interface Check {
  readonly name: string;
  /** What it takes at the most; then it counts as failed. */
  readonly withinSeconds: number;
  /** The check without which this one tells nothing: where that has failed, this is skipped. */
  readonly after?: string;
  /** Whatever it throws counts as a failure. */
  run(context: DoctorContext): Promise<Finding> | Finding;
}

export function ok(message: string): Finding {
  return { verdict: "ok", message };
}

export function warning(message: string, remedy: string): Finding {
  return { verdict: "warning", message, remedy };
}

export function failure(message: string, remedy: string): Finding {
  return { verdict: "failure", message, remedy };
}

export function skipped(message: string): Finding {
  return { verdict: "skipped", message };
}
