import { readFileSync } from "node:fs";
import { loadConfig, textLayerModes } from "@quire/core";
import { outputFormats } from "@quire/outputs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { endOnClosedOutput, endOnInterrupt } from "./endings.ts";
import { exitCodeOf, exitCodes, explain } from "./exitCodes.ts";
import { type OcrOptions, ocr } from "./ocr.ts";
import { parsePageRange } from "./pageRange.ts";

endOnClosedOutput();
endOnInterrupt();

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("quire")
  .description("Reads documents page by page and gives back text and word boxes.")
  .version(version)
  .exitOverride();

program
  .command("ocr")
  .description("Read documents: PDF, TIFF, JPEG, PNG, WebP, GIF, BMP, AVIF.")
  .argument("<file...>", "the documents")
  .addOption(new Option("--format <format>", "what to write").choices(outputFormats).default("text"))
  .option("--output <path>", "write here instead of standard output; a folder if there are several documents")
  .option("--pages <range>", "only these pages, such as 1-3,7 or 5-", argument(parsePageRange))
  .option("--lang <languages>", "languages of the text, such as eng or eng+fra", "eng")
  .option(
    "--threads <count>",
    "OCR threads (default: what processors and memory allow)",
    argument(parseThreads),
  )
  .addOption(
    new Option("--text-layer <mode>", "a page's own text: take it where it is good, never, or nothing else")
      .choices(textLayerModes)
      .default("auto"),
  )
  .option("--password <password>", "password of an encrypted PDF")
  .option("--quiet", "no progress", false)
  .option("--verbose", "say what the engine does: starts, collections, deaths", false)
  .addHelpText(
    "after",
    "\nExit codes: 0 read, 1 internal error, 2 usage, 3 document refused, 4 read in part (some pages failed).",
  )
  .action(async (files: string[], options: OcrOptions) => {
    process.exitCode = await ocr(files, options, loadConfig(process.env));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.read : exitCodes.usage;
  } else {
    process.stderr.write(`quire: ${explain(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

function parseThreads(text: string): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new Error("It must be a whole number from 1 to 64.");
  return threads;
}

/** Makes a parser that throws into one whose errors commander shows as usage. */
function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
