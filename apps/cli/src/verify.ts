import type { Config } from "@quire/core";
import { type Finding, verifyStore } from "@quire/store";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { withInstallation } from "./installation.ts";
import { printable } from "./printable.ts";

export interface VerifyOptions {
  readonly fix: boolean;
  readonly json: boolean;
}

/** `quire verify`: whether tables, queue and file store fit together. */
export async function verify({ fix, json }: VerifyOptions, config: Config): Promise<ExitCode> {
  return withInstallation(config, async ({ database, files }) => {
    const findings = await verifyStore(database.url, files, { fix });
    process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(describe).join(""));
    const isWell = findings.every(({ count, mended }) => count === mended);
    return isWell ? exitCodes.read : exitCodes.partial;
  });
}

const nameCharacters = 25;
const countCharacters = 9;

function describe({ name, meaning, count, examples, mended }: Finding): string {
  const row = `${name.padEnd(nameCharacters)}${`${count}`.padStart(countCharacters)}`;
  if (count === 0) return `${row}\n`;
  const note = mended > 0 ? `  (${mended} mended)` : "";
  const more = count > examples.length ? ["  …"] : [];
  return [`${row}${note}`, `  ${meaning}`, ...examples.map((id) => `  ${printable(id)}`), ...more, ""].join(
    "\n",
  );
}
