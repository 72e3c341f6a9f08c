import type { Config } from "@quire/core";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { checks } from "./checks.ts";
import { DoctorContext } from "./context.ts";
import { lineOf, summaryOf } from "./report.ts";
import { runChecks } from "./runChecks.ts";

export interface DoctorOptions {
  readonly json: boolean;
}

/** `quire doctor`: whether this installation has what it needs, and what to do where it has not. */
export async function doctor({ json }: DoctorOptions, config: Config): Promise<ExitCode> {
  const context = new DoctorContext(config);
  try {
    const results = await runChecks(checks, context, (result) => {
      if (!json) process.stdout.write(lineOf(result));
    });
    const failed = results.some(({ verdict }) => verdict === "failure");
    process.stdout.write(
      json ? `${JSON.stringify({ healthy: !failed, checks: results }, null, 2)}\n` : summaryOf(results),
    );
    return failed ? exitCodes.internal : exitCodes.read;
  } finally {
    await context.close();
  }
}
