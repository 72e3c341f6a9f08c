import type { FormatPages } from "./formatPages.ts";
import { jsonPage } from "./jsonPage.ts";

/** Version of the JSON and of NDJSON's lines: raised when a program that reads them would have to change. */
export const jsonVersion = 2;

/**
 * One JSON object: the document's facts, its pages (one a line), and the totals, which are known last.
 * Published as schemas/document-2.schema.json.
 */
export const formatJson: FormatPages = async function* ({ name, facts }, pages) {
  yield `{"version":${jsonVersion},"document":${JSON.stringify({ name, ...facts })},"pages":[`;
  let first = true;
  let uncertainNumbers = 0;
  const pagesWithUncertainNumbers: number[] = [];
  for await (const page of pages) {
    const written = jsonPage(page);
    yield `${first ? "" : ","}\n${JSON.stringify(written)}`;
    first = false;
    uncertainNumbers += written.uncertainNumbers;
    if (written.uncertainNumbers > 0) pagesWithUncertainNumbers.push(page.pageNumber);
  }
  const pageNumbers = JSON.stringify(pagesWithUncertainNumbers);
  yield `\n],"uncertainNumbers":${uncertainNumbers},"pagesWithUncertainNumbers":${pageNumbers}}\n`;
};
