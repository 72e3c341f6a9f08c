import type { PageResult } from "@quire/core";
import type { FormatPages } from "../formatPages.ts";
import { layOut } from "./layOut.ts";
import { markedText } from "./markUncertain.ts";
import { standsSideBySide } from "./sideBySide.ts";
import { textRows } from "./textRows.ts";

const formFeed = "\f";

/**
 * Plain text, a form feed between pages, as `pdftotext` does it. Running text is given as it is read; a page with
 * tables, forms or other things that stand side by side, as it looks (docs/decisions/0014). Marks of uncertain words
 * do not change which of the two it is.
 */
export const formatText: FormatPages = async function* (_document, pages, { markUncertain = false } = {}) {
  let first = true;
  for await (const page of pages) {
    if (!first) yield formFeed;
    first = false;
    const text = pageLayout(page, markUncertain);
    if (text !== "") yield `${text}\n`;
  }
};

/** Of what is written from the right to the left, the reading order is the better order. */
const rightToLeft = /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}/u;

function pageLayout(page: PageResult, markUncertain: boolean): string {
  const asRead = () => (markUncertain ? markedText(page) : page.text);
  if (rightToLeft.test(page.text)) return asRead();
  const rows = textRows(page, markUncertain);
  return (standsSideBySide(rows) ? layOut(rows) : null) ?? asRead();
}
