import { parseArgs } from "node:util";

/** The turns that are measured besides upright, clockwise, in degrees: on the side, upside down, and askew. */
const allTurns = [90, 180, 270, 2, -2, 5, -5, 10, -10] as const;

export interface UprightOptions {
  /** How many of the documents, taken evenly; all by default. */
  readonly documents: number;
  readonly turns: readonly number[];
  /** How often the upright pages are read with and without correction, for the time it costs. */
  readonly rounds: number;
  readonly threads: number;
}

const usage =
  "usage: npm run bench:upright -- [--documents N] [--turns=90,180,-5] [--rounds N] [--threads N]";
const usageExitCode = 2;

/** Reads the command line, or says what is wrong with it and ends the process. */
export function optionsOrExit(args: readonly string[]): UprightOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        documents: { type: "string" },
        turns: { type: "string" },
        rounds: { type: "string", default: "3" },
        threads: { type: "string", default: "2" },
      },
    });
    return {
      documents: values.documents === undefined ? Number.POSITIVE_INFINITY : whole(values.documents),
      turns: values.turns === undefined ? allTurns : values.turns.split(",").filter(Boolean).map(angle),
      rounds: whole(values.rounds),
      threads: Math.max(1, whole(values.threads)),
    };
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(usageExitCode);
  }
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`"${text}" is no whole number.`);
  return Number(text);
}

function angle(text: string): number {
  const degrees = Number(text);
  if (!Number.isFinite(degrees)) throw new Error(`"${text}" is no angle.`);
  return degrees;
}
