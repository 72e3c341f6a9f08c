import type { DocumentFacts, PageResult } from "@quire/core";

/** What stands in an output beside the pages. */
export interface OutputDocument {
  readonly name: string;
  readonly facts: DocumentFacts;
}

export interface FormatOptions {
  /** `text`: `[?]` follows every word that a person should check. The other formats say so in their own way. */
  readonly markUncertain?: boolean;
  /** `alto`: the folder for the temporary file; null: the system's. */
  readonly tempDir?: string | null;
}

/** Turns pages into an output, page by page: no more than one page is held in memory. */
export type FormatPages = (
  document: OutputDocument,
  pages: AsyncIterable<PageResult>,
  options?: FormatOptions,
) => AsyncGenerator<string>;
