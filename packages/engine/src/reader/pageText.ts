/** A word with its place in the reading order; a paragraph or block break shows as a blank line. */
interface PlacedWord {
  readonly text: string;
  readonly line: number;
  readonly paragraph: number;
}

/** The text of a page from its words in reading order: blanks within a line, a blank line between paragraphs. */
export function pageText(words: readonly PlacedWord[]): string {
  let text = "";
  let last: PlacedWord | undefined;
  for (const word of words) {
    if (last) text += word.paragraph !== last.paragraph ? "\n\n" : word.line !== last.line ? "\n" : " ";
    text += word.text;
    last = word;
  }
  return text;
}
