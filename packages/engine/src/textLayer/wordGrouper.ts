import type { Box } from "@quire/core";
import type { TextLayerWord } from "../formats/openedDocument.ts";

/** Lines further apart than this many line heights belong to different blocks. */
const blockGapLines = 1.2;

/** Latin ligatures (U+FB00 to U+FB06): two letters for whoever searches the text. */
const ligature = /[\uFB00-\uFB06]/g;

/**
 * Groups the characters of a text layer, which come in reading order with the breaks the PDF library saw, into
 * words, lines and blocks. Characters that lie wholly outside the page are not seen by anybody and are left out.
 */
export class WordGrouper {
  readonly #page: { readonly widthPoints: number; readonly heightPoints: number };
  readonly #words: TextLayerWord[] = [];
  #text = "";
  #box: Box | null = null;
  #line = 0;
  #block = 0;
  /** Words of the line so far; their box tells whether the line opens a new block. */
  #lineStart = 0;
  #lastLine: Box | null = null;

  constructor(page: { readonly widthPoints: number; readonly heightPoints: number }) {
    this.#page = page;
  }

  add(character: string, box: Box): void {
    const { widthPoints, heightPoints } = this.#page;
    const outside =
      box.x > widthPoints || box.y > heightPoints || box.x + box.width < 0 || box.y + box.height < 0;
    if (outside) return;
    this.#text += character;
    this.#box = this.#box ? union(this.#box, box) : box;
  }

  endWord(): void {
    if (this.#text !== "" && this.#box) {
      const text = this.#text.replace(ligature, (found) => found.normalize("NFKC"));
      this.#words.push({
        text,
        box: this.#box,
        line: this.#line,
        block: this.#block,
        paragraph: this.#block,
      });
    }
    this.#text = "";
    this.#box = null;
  }

  endLine(): void {
    this.endWord();
    const words = this.#words.slice(this.#lineStart);
    const first = words[0];
    if (!first) return;
    const box = words.map((word) => word.box).reduce(union);
    if (this.#lastLine && isApart(this.#lastLine, box)) {
      this.#block++;
      for (let index = this.#lineStart; index < this.#words.length; index++) {
        const word = this.#words[index] as TextLayerWord;
        this.#words[index] = { ...word, block: this.#block, paragraph: this.#block };
      }
    }
    this.#lastLine = box;
    this.#lineStart = this.#words.length;
    this.#line++;
  }

  finish(): TextLayerWord[] {
    this.endLine();
    return this.#words;
  }
}

function isApart(above: Box, below: Box): boolean {
  const lineHeight = Math.max(above.height, below.height, 1);
  const gap = below.y - (above.y + above.height);
  return gap > blockGapLines * lineHeight || gap < -3 * lineHeight;
}

function union(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
