import type { Config } from "@quire/core";
import type { ReadOptions } from "@quire/engine";
import type { StoredOptions } from "@quire/store";

/** How the engine is to read a document: where that does not name a quality, by OCR_QUALITY. */
export function readOptions(
  { languages, textLayer, rotate, quality }: StoredOptions,
  config: Pick<Config, "quality">,
): ReadOptions {
  return { languages, textLayer, rotate, quality: quality ?? config.quality, preview: true };
}
