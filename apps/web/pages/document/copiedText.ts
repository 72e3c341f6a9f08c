import type { Word } from "@quire/core";

/** A word of a selection, as far as it is selected. */
export interface SelectedWord {
  readonly word: Word;
  readonly text: string;
}

/** The text of selected words as a reader would write it down: spaces, line breaks, and a free line between blocks. */
export function copiedText(selected: readonly SelectedWord[]): string {
  let text = "";
  selected.forEach(({ word, text: part }, index) => {
    const before = selected[index - 1]?.word;
    if (before !== undefined) {
      text += separator(before, word);
    }
    text += part;
  });
  return text;
}

function separator(before: Word, word: Word): string {
  if (before.block !== word.block) {
    return "\n\n";
  }
  return before.line === word.line ? " " : "\n";
}

/** What of a range lies in the elements of words, in their order; `elements[i]` shows `words[i]`. */
export function selectedWords(
  range: Range,
  elements: ArrayLike<Element>,
  words: readonly Word[],
): SelectedWord[] {
  const selected: SelectedWord[] = [];
  words.forEach((word, index) => {
    const element = elements[index];
    if (element !== undefined && range.intersectsNode(element)) {
      const start = element.contains(range.startContainer) ? range.startOffset : 0;
      const end = element.contains(range.endContainer) ? range.endOffset : word.text.length;
      // An offset counts letters only where the boundary lies in the text itself.
      const text = word.text.slice(
        isText(range.startContainer) ? start : 0,
        isText(range.endContainer) ? end : undefined,
      );
      if (text !== "") {
        selected.push({ word, text });
      }
    }
  });
  return selected;
}

function isText(node: Node): boolean {
  return node.nodeType === Node.TEXT_NODE;
}
