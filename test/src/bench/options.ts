import { parseArgs } from "node:util";

/** What can be measured by itself with `--only`. */
export const setNames = ["long", "lzw", "clinical", "digital", "samples", "pdf", "queue", "access"] as const;
export type SetName = (typeof setNames)[number];

export interface BenchOptions {
  /** The sets asked for, or null for all that are there. */
  readonly only: readonly SetName[] | null;
  /** The first pages of the long scan instead of all, and no run with one thread. */
  readonly quick: boolean;
  /** Whether to measure the native pair and OCRmyPDF beside Quire where they are installed. */
  readonly native: boolean;
}

const usage = `usage: npm run bench -- [--only ${setNames.join("|")}]... [--quick] [--no-native]`;
const usageExitCode = 2;

/** Reads the command line, or says what is wrong with it and ends the process. */
export function optionsOrExit(args: readonly string[]): BenchOptions {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(usageExitCode);
  }
}

function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      only: { type: "string", multiple: true },
      quick: { type: "boolean", default: false },
      native: { type: "boolean", default: true },
    },
  });
  return { only: values.only?.map(setName) ?? null, quick: values.quick, native: values.native };
}

function setName(name: string): SetName {
  const found = setNames.find((candidate) => candidate === name);
  if (!found) throw new Error(`"${name}" is no set.`);
  return found;
}
