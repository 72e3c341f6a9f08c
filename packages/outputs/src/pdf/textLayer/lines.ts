import { type PageGeometry, type PageResult, toReadingSpace, type Word } from "@quire/core";

/** Words that stand in a line, and the page as it must lie for the line to be read from left to right. */
export interface Line {
  readonly geometry: PageGeometry;
  readonly words: readonly Word[];
}

/** Fewer letters than this can be as narrow as they are high. */
const leastLettersRunningUp = 3;
/** An "l" is about 0.3 as wide as it is high. */
const narrowestLetter = 0.2;

/** The lines of a page in reading order. A word that runs up, as in the margin of a form, is one of its own. */
export function* linesOf(page: PageGeometry & Pick<PageResult, "words">): Generator<Line> {
  let words: Word[] = [];
  for (const word of page.words) {
    if (word.text === "") continue;
    const last = words[0];
    const alone = runsUp(page, word);
    if (last && (alone || last.line !== word.line || last.block !== word.block)) {
      yield { geometry: page, words };
      words = [];
    }
    if (alone) yield { geometry: turnedOnce(page), words: [word] };
    else words.push(word);
  }
  if (words.length > 0) yield { geometry: page, words };
}

/** Whether a word is too narrow for its letters to stand beside each other. */
function runsUp(page: PageGeometry, { text, box }: Word): boolean {
  const { width, height } = toReadingSpace(page, box);
  const letters = [...text].length;
  return letters >= leastLettersRunningUp && width < letters * narrowestLetter * height;
}

/** The page turned clockwise once more: what runs up is then upright. */
function turnedOnce(page: PageGeometry): PageGeometry {
  return { ...page, orientation: ((page.orientation + 90) % 360) as PageGeometry["orientation"] };
}
