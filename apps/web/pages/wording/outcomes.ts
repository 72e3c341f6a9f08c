import type { PageAnswer } from "../api/answers.ts";
import { percent } from "./sizes.ts";

/** Pages that are less certain than this are marked, where an earlier version read them: it gave no warning. */
const uncertainBelow = 60;

/** What the strip shows of a page. `check`: it has numbers that a person should check. */
export type PageMark = "failed" | "blank" | "uncertain" | "check" | null;

export function pageMark(page: PageAnswer): PageMark {
  if (page.outcome === "failed" || page.outcome === "blank") {
    return page.outcome;
  }
  if (isUncertain(page)) {
    return "uncertain";
  }
  return page.uncertainNumbers ? "check" : null;
}

function isUncertain({ warnings, reader, meanConfidence }: PageAnswer): boolean {
  const wasHardToRead = reader === null && meanConfidence !== null && meanConfidence < uncertainBelow;
  return warnings.includes("low_confidence") || wasHardToRead;
}

export const markWords: Readonly<Record<Exclude<PageMark, null>, string>> = {
  failed: "could not be read",
  blank: "blank",
  uncertain: "hard to read",
  check: "numbers to check",
};

const warningWords: Readonly<Record<PageAnswer["warnings"][number], string>> = {
  downscaled: "This page was read at a lower resolution than it has, to fit into memory.",
  low_confidence:
    "Most of this page is hard to read. Compare it with the original, or scan it again at 300 dpi, flat and in good light.",
  low_resolution: "The resolution of this page is low: expect errors. Scan it again at 300 dpi.",
  text_layer_hidden: "The hidden text in the file was not used. The page was recognised from its image.",
  text_layer_unusable: "The text in the file is unusable. The page was recognised from its image.",
  text_layer_incomplete: "The text in the file is incomplete. The page was recognised from its image.",
  single_reader:
    "Only one recogniser read this page, so its numbers were not checked. Compare them with the original.",
  script_not_covered: "This page has text in a script that is not installed.",
  fallback_renderer: "This page is slightly damaged. It may look different in other programs.",
};

/** What a reader of the page should know, a sentence each. */
export function warningSentences(page: PageAnswer): string[] {
  return page.warnings.map((warning) => {
    const install =
      warning === "script_not_covered" && page.missingLanguage !== null
        ? ` Install it: npm install @tesseract.js-data/${page.missingLanguage}`
        : "";
    return `${warningWords[warning]}${install}`;
  });
}

/** How a page was read. */
export function sourceWords(page: PageAnswer): string {
  if (page.outcome === "text_layer") {
    return "Text from the file itself";
  }
  return page.meanConfidence === null
    ? ""
    : `Recognised from the image, confidence ${percent(page.meanConfidence / 100)}`;
}
