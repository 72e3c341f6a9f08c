import { countUncertainNumbers, type PageResult } from "@quire/core";

/** A page as JSON and NDJSON have it. */
export interface JsonPage extends PageResult {
  /** How many of its words are numbers that a person should check. */
  readonly uncertainNumbers: number;
}

/** What core knows of a page, and what a reader of the JSON would otherwise have to count. */
export function jsonPage(page: PageResult): JsonPage {
  return { ...page, uncertainNumbers: countUncertainNumbers(page.words) };
}
