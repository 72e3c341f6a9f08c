import type { Config } from "@quire/core";
import type { ReaderStatus } from "@quire/engine";

/** What reads, in words: for the log, `quire status` and `quire doctor`. `isFallback`: it is not what was configured. */
export interface ReaderReport {
  readonly line: string;
  readonly isFallback: boolean;
}

export function reportReader(
  status: ReaderStatus | null,
  { reader: configured }: Pick<Config, "reader">,
): ReaderReport {
  if (status === null) return { line: "not known until the engine has started", isFallback: false };
  if (status.engine === "pp-ocr")
    return { line: "PP-OCR: a second recogniser checks every number", isFallback: false };
  const alone = "Tesseract alone: numbers are not checked by a second recogniser";
  if (configured === "tesseract") return { line: `${alone} (READER=tesseract)`, isFallback: false };
  return { line: `${alone}${status.reason === null ? "" : ` (${status.reason})`}`, isFallback: true };
}
