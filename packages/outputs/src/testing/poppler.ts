import { spawnSync } from "node:child_process";

/** A reason not to run a test that needs one of these programs; false where all are there. */
export function missing(...programs: readonly string[]): string | false {
  const absent = programs.filter((program) => spawnSync(program, ["--version"]).error !== undefined);
  return absent.length > 0 && `${absent.join(", ")} not installed`;
}

/** What a program says of a PDF that it is given at the end of its arguments, `-` for its input. */
export function tell(program: string, args: readonly string[], file?: Buffer): string {
  const { stdout, stderr, status } = spawnSync(program, args, { input: file, maxBuffer: 100_000_000 });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout.toString();
}

/** The text of each page in the order in which it stands in the file, by Poppler. */
export function popplerTexts(file: Buffer): string[] {
  return tell("pdftotext", ["-raw", "-", "-"], file).split("\f");
}
