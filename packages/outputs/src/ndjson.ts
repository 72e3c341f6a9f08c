import type { FormatPages } from "./formatPages.ts";
import { jsonVersion } from "./json.ts";
import { jsonPage } from "./jsonPage.ts";

/** One JSON object a line and a page, each written when the page is read. Published as schemas/line-2.schema.json. */
export const formatNdjson: FormatPages = async function* ({ name }, pages) {
  for await (const page of pages)
    yield `${JSON.stringify({ version: jsonVersion, document: name, ...jsonPage(page) })}\n`;
};
