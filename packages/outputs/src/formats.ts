import { formatAlto } from "./alto.ts";
import type { FormatPages } from "./formatPages.ts";
import { formatHocr } from "./hocr.ts";
import { formatJson } from "./json.ts";
import { formatNdjson } from "./ndjson.ts";
import { formatText } from "./text/text.ts";

/** The formats a document can be given out in, with their file name endings. */
export const outputExtensions = {
  text: "txt",
  hocr: "hocr",
  alto: "alto.xml",
  json: "json",
  ndjson: "ndjson",
} as const;
export type OutputFormat = keyof typeof outputExtensions;
export const outputFormats = Object.keys(outputExtensions) as OutputFormat[];

export const formatters: Record<OutputFormat, FormatPages> = {
  text: formatText,
  hocr: formatHocr,
  alto: formatAlto,
  json: formatJson,
  ndjson: formatNdjson,
};
