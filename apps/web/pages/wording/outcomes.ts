import type { PageAnswer } from "../api/answers.ts";
import { percent } from "./sizes.ts";

/** Words less certain than this are marked. Of Tesseract's own scale, 0 to 100. */
export const uncertainBelow = 60;

/** What the strip shows of a page that is not simply read. */
export type PageMark = "failed" | "blank" | "uncertain" | null;

export function pageMark(page: PageAnswer): PageMark {
  if (page.outcome === "failed" || page.outcome === "blank") {
    return page.outcome;
  }
  return isUncertain(page) ? "uncertain" : null;
}

/** Pages that were read before the warning was given are known by their confidence. */
function isUncertain({ warnings, meanConfidence }: PageAnswer): boolean {
  return warnings.includes("low_confidence") || (meanConfidence !== null && meanConfidence < uncertainBelow);
}

export const markWords: Readonly<Record<Exclude<PageMark, null>, string>> = {
  failed: "could not be read",
  blank: "blank",
  uncertain: "hard to read",
};

const warningWords: Readonly<Record<PageAnswer["warnings"][number], string>> = {
  downscaled: "It was read at a lower resolution than it has, to fit into memory.",
  low_confidence:
    "Much of it could not be read for sure: compare it with the picture, or scan it again, at 300 dpi, flat and in good light.",
  low_resolution: "Its resolution is low: expect mistakes. Scan it again at 300 dpi.",
  text_layer_hidden:
    "The text that came hidden in the file was not trusted; the page was read from its picture.",
  text_layer_unusable: "The text that came in the file is unusable; the page was read from its picture.",
  text_layer_incomplete: "The text that came in the file is incomplete; the page was read from its picture.",
  fallback_renderer: "The page is slightly damaged; it may look different elsewhere.",
};

/** What a reader of the page should know, a sentence each. */
export function warningSentences(page: PageAnswer): string[] {
  return page.warnings.map((warning) => warningWords[warning]);
}

/** How a page was read. */
export function sourceWords(page: PageAnswer): string {
  if (page.outcome === "text_layer") {
    return "Text taken from the file itself";
  }
  return page.meanConfidence === null
    ? ""
    : `Read from the picture, ${percent(page.meanConfidence / 100)} sure`;
}
