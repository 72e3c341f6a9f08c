import { parseArgs } from "node:util";
import { type FileFormat, fileFormats } from "@quire/outputs";

export interface OutputsOptions {
  readonly formats: readonly FileFormat[];
  /** Page results to be used, as `quire ocr --format ndjson` wrote them; null: they are read first. */
  readonly pagesFile: string | null;
}

const usage = `usage: npm run bench:outputs -- [--only ${fileFormats.join("|")}]... [--pages FILE.ndjson]`;
const usageExitCode = 2;

/** Reads the command line, or says what is wrong with it and ends the process. */
export function optionsOrExit(args: readonly string[]): OutputsOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { only: { type: "string", multiple: true }, pages: { type: "string" } },
    });
    return { formats: values.only?.map(fileFormat) ?? fileFormats, pagesFile: values.pages ?? null };
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(usageExitCode);
  }
}

function fileFormat(name: string): FileFormat {
  const found = fileFormats.find((candidate) => candidate === name);
  if (!found) throw new Error(`"${name}" is no format.`);
  return found;
}
