import { QuireError, within } from "@quire/core";
import { describeError } from "@quire/core/log";
import { type Check, type Finding, skipped } from "./check.ts";
import type { DoctorContext } from "./context.ts";

export interface Result extends Finding {
  readonly name: string;
}

/** Runs them one after the other, as they would disturb each other's time. @param onResult told of each as it is done */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
  onResult: (result: Result) => void = () => {},
): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of checks) {
    const needed = results.find(({ name }) => name === check.after);
    const isTold = needed === undefined || needed.verdict === "ok" || needed.verdict === "warning";
    const found = isTold ? await finding(check, context) : skipped(`It needs this first: ${check.after}.`);
    const result = { name: check.name, ...found };
    results.push(result);
    onResult(result);
  }
  return results;
}

async function finding(check: Check, context: DoctorContext): Promise<Finding> {
  const { withinSeconds } = check;
  const late = {
    verdict: "failure",
    message: `It was not done within ${withinSeconds} seconds.`,
    remedy: "Try again when the machine has less to do; see whether what it asks answers at all.",
  } as const;
  try {
    return await within(withinSeconds * 1000, Promise.resolve(check.run(context))).catch((error) => {
      if (error instanceof Error && error.message === "its time was up") return late;
      throw error;
    });
  } catch (error) {
    return unexpected(error);
  }
}

/** Our own errors say what to do; of others only the kind is told, for they may quote an address. */
function unexpected(error: unknown): Finding {
  if (error instanceof QuireError) {
    const [, message = error.message, remedy] = /^(.*?[.])\s+(.*)$/s.exec(error.message) ?? [];
    return { verdict: "failure", message: `${error.code}: ${message}`, ...(remedy && { remedy }) };
  }
  const { kind, code } = describeError(error);
  return { verdict: "failure", message: `It failed (${[kind, code].filter(Boolean).join(", ")}).` };
}
