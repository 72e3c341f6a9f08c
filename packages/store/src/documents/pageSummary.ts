import type { PageResult } from "@quire/core";

/** What the table of pages says of a page. */
export interface PageFacts extends Omit<PageResult, "text" | "words" | "missingLanguage"> {
  readonly missingLanguage: string | null;
}

/** A page without its text and words. */
export interface PageSummary extends PageFacts {
  /** How many of its numbers a person should check; null: nobody counted them, for an older reader read it. */
  readonly uncertainNumbers: number | null;
  readonly hasPreview: boolean;
  /** The number of its document's change that saved it. */
  readonly revision: number;
  /** The run and the claim that read it: together with its number they tell its picture from every other. */
  readonly run: number;
  readonly claim: number;
}

/** {@link PageFacts}, of the page `p`. */
export const pageColumns = `
  p.page_number as "pageNumber", p.outcome, p.mean_confidence as "meanConfidence", p.width, p.height, p.dpi,
  p.rotation, p.orientation, p.skew, p.languages, p.reader, p.missing_language as "missingLanguage",
  p.duration_ms as "durationMs", p.warnings,
  case when p.error_code is not null then
    json_build_object('code', p.error_code, 'message', coalesce(p.error_message, ''))
  end as error`;

/** What a {@link PageSummary} is made of, of the page `p`. */
export const pageSummaryColumns = `
  ${pageColumns}, p.uncertain_numbers as "uncertainNumbers", p.preview_bytes is not null as "hasPreview", p.revision,
  p.run, p.claim`;
