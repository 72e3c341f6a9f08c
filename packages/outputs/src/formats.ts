import type { FormatPages } from "./formatPages.ts";
import { formatJson } from "./json.ts";
import { formatNdjson } from "./ndjson.ts";
import { formatText } from "./text.ts";

/** The formats a document can be given out in. */
export const outputFormats = ["text", "json", "ndjson"] as const;
export type OutputFormat = (typeof outputFormats)[number];

export const formatters: Record<OutputFormat, FormatPages> = {
  text: formatText,
  json: formatJson,
  ndjson: formatNdjson,
};

/** The file name ending of each format. */
export const outputExtensions: Record<OutputFormat, string> = { text: "txt", json: "json", ndjson: "ndjson" };
