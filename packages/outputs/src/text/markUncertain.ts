import type { PageResult, Word } from "@quire/core";

/** Follows a word that a person should check against the page. */
const uncertainMark = "[?]";

/** A word's text, with the mark where the word is uncertain. */
export function markedWord({ text, uncertain }: Pick<Word, "text" | "uncertain">): string {
  return uncertain ? `${text}${uncertainMark}` : text;
}

/**
 * A page's text with the marks put into it. It is not rebuilt from the words, which do not say where paragraphs end,
 * unless it differs from them.
 */
export function markedText({ text, words }: Pick<PageResult, "text" | "words">): string {
  if (!words.some(({ uncertain }) => uncertain)) return text;
  let marked = "";
  let position = 0;
  for (const word of words) {
    const printed = word.text.trim();
    const start = nextNonBlank(text, position);
    if (!text.startsWith(printed, start)) return textOfWords(words);
    marked += text.slice(position, start) + markedWord({ ...word, text: printed });
    position = start + printed.length;
  }
  return marked + text.slice(position);
}

function nextNonBlank(text: string, from: number): number {
  const nonBlank = /\S/gu;
  nonBlank.lastIndex = from;
  return nonBlank.exec(text)?.index ?? text.length;
}

/** Words with blanks between them, lines on lines of their own, and a blank line between blocks. */
function textOfWords(words: readonly Word[]): string {
  let text = "";
  let last: Word | undefined;
  for (const word of words) {
    if (last) text += word.block !== last.block ? "\n\n" : word.line !== last.line ? "\n" : " ";
    text += markedWord(word);
    last = word;
  }
  return text;
}
