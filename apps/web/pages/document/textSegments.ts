import type { Word } from "@quire/core";
import type { IsMatch } from "./wordMatcher.ts";

/** A piece of the text, and how it is marked. */
export interface TextSegment {
  readonly text: string;
  readonly isUncertain: boolean;
  readonly isMatch: boolean;
  /** What the second recogniser read there, where it is marked as uncertain. */
  readonly alternative?: string;
}

/** A word is looked for this far on; one that is not found (the text joins hyphenated words) is passed over. */
const searchAhead = 200;

/** Cuts a page's text where marks begin and end. Unmarked words stay together: a page has many of them. */
export function textSegments(
  text: string,
  words: readonly Word[],
  isMarking: boolean,
  isMatch: IsMatch | null,
): TextSegment[] {
  const segments: TextSegment[] = [];
  let written = 0;
  let position = 0;
  for (const word of words) {
    const found = text.slice(position, position + searchAhead + word.text.length).indexOf(word.text);
    if (found === -1) {
      continue;
    }
    const start = position + found;
    position = start + word.text.length;
    const marks = {
      isUncertain: isMarking && word.uncertain,
      isMatch: isMatch?.(word.text) ?? false,
    };
    if (marks.isUncertain || marks.isMatch) {
      segments.push({ text: text.slice(written, start), isUncertain: false, isMatch: false });
      const { alternative } = word;
      const other = marks.isUncertain && alternative !== undefined ? { alternative } : {};
      segments.push({ text: word.text, ...marks, ...other });
      written = position;
    }
  }
  segments.push({ text: text.slice(written), isUncertain: false, isMatch: false });
  return segments.filter((segment) => segment.text !== "");
}
