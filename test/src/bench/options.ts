import { parseArgs } from "node:util";
import { type Quality, qualities } from "@quire/core";
import { type WordSet, wordSets } from "./accuracy/wordSets.ts";

/** What is scored of the reader's results; a page is read once for all of them. */
export const readerParts = ["accuracy", "numbers", "calibration", "boxes", "scripts"] as const;
export type ReaderPart = (typeof readerParts)[number];

/** What is measured of whole commands: how fast they are, and in how much memory. */
export const runParts = ["cpu", "memory", "lzw", "digital", "samples", "pdf"] as const;
export type RunPart = (typeof runParts)[number];

/** What is measured of the database. */
export const databaseParts = ["queue", "access"] as const;
export type DatabasePart = (typeof databaseParts)[number];

export const partNames = [...readerParts, ...runParts, ...databaseParts] as const;
export type PartName = (typeof partNames)[number];

export interface BenchOptions {
  /** The parts asked for, or null for all that can be measured. */
  readonly only: readonly PartName[] | null;
  readonly qualities: readonly Quality[];
  /** The documents that accuracy, numbers and calibration are measured on. */
  readonly sets: readonly WordSet[];
  /** Some documents of each set, and the first pages of the long scan. */
  readonly quick: boolean;
  /** Whether to measure the native pair and OCRmyPDF beside Quire where they are installed. */
  readonly native: boolean;
}

const usage = `usage: npm run bench -- [--only PART,...] [--quality QUALITY,...] [--sets SET,...] [--quick] [--no-native]
parts: ${partNames.join(", ")}
qualities: ${qualities.join(", ")}
sets: ${wordSets.join(", ")}`;
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

/** @throws Error if the command line is wrong */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      only: { type: "string", multiple: true },
      quality: { type: "string", multiple: true },
      sets: { type: "string", multiple: true },
      quick: { type: "boolean", default: false },
      native: { type: "boolean", default: true },
    },
  });
  return {
    only: chosen(values.only, partNames, "part"),
    qualities: chosen(values.quality, qualities, "quality") ?? qualities,
    sets: chosen(values.sets, wordSets, "set") ?? wordSets,
    quick: values.quick,
    native: values.native,
  };
}

/** The names given, separated by commas or by giving the option again; null if none were. */
function chosen<Name extends string>(
  given: readonly string[] | undefined,
  known: readonly Name[],
  kind: string,
): Name[] | null {
  if (!given) return null;
  const names = given.flatMap((list) => list.split(",")).map((name) => name.trim());
  return names.filter(Boolean).map((name) => {
    const found = known.find((candidate) => candidate === name);
    if (!found) throw new Error(`"${name}" is not a ${kind}.`);
    return found;
  });
}
