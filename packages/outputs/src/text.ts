import type { FormatPages } from "./formatPages.ts";

const formFeed = "\f";

/** Plain text: the pages as they are read, a form feed between them, as `pdftotext` does it. */
export const formatText: FormatPages = async function* (_document, pages) {
  let first = true;
  for await (const page of pages) {
    if (!first) yield formFeed;
    first = false;
    if (page.text !== "") yield `${page.text}\n`;
  }
};
