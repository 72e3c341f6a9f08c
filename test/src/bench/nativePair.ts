import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findModel } from "@quire/engine";
import { measureCommand } from "./measureCommand.ts";
import type { Reading } from "./readWithQuire.ts";
import type { Texts } from "./scoring.ts";

/** pdftoppm and tesseract as they are installed, with Quire's model laid out for them. */
export interface NativePair {
  readonly versions: string;
  /** Holds eng.traineddata, and a folder for each reading. */
  readonly folder: string;
}

/**
 * One job for the shell: `$1` the document, `$2` its page or `whole`, `$3` where the text goes. The page's
 * image goes through the pipe, not through a file. tesseract is not told its resolution, which a PGM cannot
 * say: by its own estimate it reads these pages a little better than with `--dpi 300`.
 */
const job = `
case $2 in
whole) exec tesseract "$1" "$3" -l eng --psm 3 ;;
*) pdftoppm -r 300 -gray -f "$2" -l "$2" "$1" | tesseract - "$3" -l eng --psm 3 ;;
esac`;

/** Finds the pair on PATH and unpacks the model it is to use, or returns null. */
export function findNativePair(temporaryFolder: string): NativePair | null {
  const tesseract = version("tesseract", "--version");
  const pdftoppm = version("pdftoppm", "-v");
  if (tesseract === null || pdftoppm === null) return null;
  const folder = join(temporaryFolder, "native");
  mkdirSync(folder);
  writeFileSync(join(folder, "eng.traineddata"), gunzipSync(readFileSync(findModel("eng", null))));
  return { versions: `${pdftoppm}, ${tesseract}`, folder };
}

/**
 * Reads the pages that Quire read with `pdftoppm -r 300 -gray | tesseract`, a pipeline a page and as many at
 * once as Quire had threads. Other formats go to tesseract as whole files, as they are: one of many pages has
 * one process for itself.
 */
export async function readWithNativePair(
  { folder }: NativePair,
  files: readonly string[],
  pages: Texts,
  processes: number,
): Promise<Reading> {
  const output = join(folder, `${Date.now()}`);
  mkdirSync(output);
  const jobs = files.flatMap((file, index) => {
    const numbers =
      extname(file) === ".pdf" ? [...(pages.get(basename(file))?.keys() ?? [])] : ["whole" as const];
    return numbers.map((page) => ({ file, page, target: join(output, `${index}-${page}`) }));
  });
  const { measurement } = await measureCommand({
    program: "xargs",
    args: ["-0", "-n", "3", "-P", String(processes), "sh", "-c", job, "sh"],
    env: { TESSDATA_PREFIX: folder, OMP_THREAD_LIMIT: "1" },
    input: jobs.map(({ file, page, target }) => `${file}\0${page}\0${target}\0`).join(""),
    goodExitCodes: [0],
  });
  const texts = new Map<string, Map<number, string>>();
  for (const { file, page, target } of jobs) {
    const name = basename(file);
    const read = texts.get(name) ?? new Map<number, string>();
    texts.set(name, read);
    // Versions differ in whether a form feed stands after the last page too.
    const text = readFileSync(`${target}.txt`, "utf8").replace(/\f$/, "");
    if (page !== "whole") read.set(page, text);
    else for (const [index, pageText] of text.split("\f").entries()) read.set(index + 1, pageText);
  }
  return { texts, measurement, failedPages: 0, skews: [] };
}

/** The first line that a program says of itself, or null if it cannot be run. Which stream it says it on differs. */
function version(program: string, argument: string): string | null {
  const { error, stdout, stderr } = spawnSync(program, [argument], { encoding: "utf8" });
  return error ? null : (`${stdout}${stderr}`.trim().split("\n")[0] ?? program);
}
