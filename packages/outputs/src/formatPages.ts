import type { DocumentFacts, PageResult } from "@quire/core";

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
