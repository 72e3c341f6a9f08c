import { parseArgs } from "node:util";
import type { Scenario } from "./scenario.ts";
import { type SettingName, settingNames } from "./setting.ts";

export interface MemoryBenchOptions {
  readonly scenarios: readonly Scenario[];
  readonly settings: readonly SettingName[];
  /** Fewer pages, for a look: it proves nothing. */
  readonly quick: boolean;
  readonly chart: boolean;
  /** Every scenario at its full length: then the charts are worth keeping. */
  readonly complete: boolean;
}

const usageExitCode = 2;

/** Reads the command line, or says what is wrong with it and ends the process. */
export function optionsOrExit(args: readonly string[], scenarios: readonly Scenario[]): MemoryBenchOptions {
  try {
    return parseOptions(args, scenarios);
  } catch (error) {
    const names = scenarios.map(({ name }) => name).join("|");
    console.error(
      `bench: ${error instanceof Error ? error.message : error}\n` +
        `usage: npm run bench:memory -- [--only ${names}]... [--setting A|B] [--quick] [--no-chart]`,
    );
    process.exit(usageExitCode);
  }
}

function parseOptions(args: readonly string[], all: readonly Scenario[]): MemoryBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      only: { type: "string", multiple: true },
      setting: { type: "string" },
      quick: { type: "boolean", default: false },
      chart: { type: "boolean", default: true },
    },
  });
  const { only, setting, quick, chart } = values;
  const unknown = only?.find((name) => !all.some((scenario) => scenario.name === name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is no scenario.`);
  return {
    scenarios: all.filter(({ name }) => only?.includes(name) ?? true),
    settings: setting === undefined ? settingNames : [settingName(setting)],
    quick,
    chart,
    complete: only === undefined && !quick,
  };
}

export function settingName(name: string): SettingName {
  const found = settingNames.find((candidate) => candidate === name);
  if (!found) throw new Error(`"${name}" is no setting.`);
  return found;
}
