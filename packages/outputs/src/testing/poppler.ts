import { spawnSync } from "node:child_process";
import type { Box } from "@quire/core";

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

/** A word of Poppler's; its box as shares of the width and the height of the page as it is shown. */
export interface PopplerWord {
  readonly text: string;
  readonly box: Box;
}

const wordPattern = /<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)<\/word>/g;
const sizePattern = /width="(\S+)" height="(\S+)"/;
const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  "#39": "'",
};

/** The words of each page, by Poppler. @param rotations by which the file's pages are turned, in degrees */
export function popplerWords(file: Buffer, rotations: readonly number[]): PopplerWord[][] {
  const [, ...pages] = tell("pdftotext", ["-bbox", "-", "-"], file).split("<page ");
  return pages.map((page, index) => {
    // The size is that of the page as it lies in the file, the boxes are on it as it is shown.
    const [, first, second] = (sizePattern.exec(page) ?? []).map(Number);
    const onItsSide = (rotations[index] ?? 0) % 180 !== 0;
    const [width = 1, height = 1] = onItsSide ? [second, first] : [first, second];
    return Array.from(page.matchAll(wordPattern), ([, left, top, right, bottom, text = ""]) => ({
      text: text.replace(/&([a-z]+|#39);/g, (whole, name: string) => entities[name] ?? whole),
      box: {
        x: Number(left) / width,
        y: Number(top) / height,
        width: (Number(right) - Number(left)) / width,
        height: (Number(bottom) - Number(top)) / height,
      },
    }));
  });
}
