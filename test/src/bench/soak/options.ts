import { parseArgs } from "node:util";
import { settingName } from "../memory/options.ts";
import type { SettingName } from "../memory/setting.ts";

const parts = ["mixed", "fakes"] as const;
type Part = (typeof parts)[number];

export interface SoakOptions {
  readonly minutes: number;
  readonly setting: SettingName;
  readonly parts: readonly Part[];
}

const usage = `usage: npm run soak -- [--minutes 30] [--setting A|B] [--only ${parts.join("|")}]`;
const usageExitCode = 2;

/** Reads the command line, or says what is wrong with it and ends the process. */
export function optionsOrExit(args: readonly string[]): SoakOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: "string", default: "30" },
        setting: { type: "string", default: "B" },
        only: { type: "string" },
      },
    });
    const minutes = Number(values.minutes);
    if (!(minutes > 0)) throw new Error(`"${values.minutes}" is no number of minutes.`);
    const only = parts.find((part) => part === values.only);
    if (values.only !== undefined && !only) throw new Error(`"${values.only}" is no part.`);
    return { minutes, setting: settingName(values.setting), parts: only ? [only] : parts };
  } catch (error) {
    console.error(`soak: ${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(usageExitCode);
  }
}
