import type { FormatPages } from "./formatPages.ts";

/** One JSON object a line and a page, each written when the page is read. */
export const formatNdjson: FormatPages = async function* ({ name }, pages) {
  for await (const page of pages) yield `${JSON.stringify({ document: name, ...page })}\n`;
};
