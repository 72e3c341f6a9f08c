import type { DocumentFacts, PageResult } from "@quire/core";
import { formatJson } from "./json.ts";
import { formatNdjson } from "./ndjson.ts";
import { formatText } from "./text.ts";

/** The formats a document can be given out in. */
export const outputFormats = ["text", "json", "ndjson"] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** What stands in an output beside the pages. */
export interface OutputDocument {
  readonly name: string;
  readonly facts: DocumentFacts;
}

/** Turns pages into an output, page by page: what comes out is as long in memory as one page. */
export type FormatPages = (
  document: OutputDocument,
  pages: AsyncIterable<PageResult>,
) => AsyncGenerator<string>;

export const formatters: Record<OutputFormat, FormatPages> = {
  text: formatText,
  json: formatJson,
  ndjson: formatNdjson,
};

/** The file name ending of each format. */
export const outputExtensions: Record<OutputFormat, string> = { text: "txt", json: "json", ndjson: "ndjson" };
