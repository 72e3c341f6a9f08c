import type { FormatPages } from "./formatPages.ts";

/** Rises when a reader of the JSON would have to change. */
export const jsonVersion = 1;

/** One JSON object: the document's facts and its pages, one page a line. Published as schemas/document-1.schema.json. */
export const formatJson: FormatPages = async function* ({ name, facts }, pages) {
  yield `{"version":${jsonVersion},"document":${JSON.stringify({ name, ...facts })},"pages":[`;
  let first = true;
  for await (const page of pages) {
    yield `${first ? "" : ","}\n${JSON.stringify(page)}`;
    first = false;
  }
  yield "\n]}\n";
};
