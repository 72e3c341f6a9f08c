import type { PageResult, Word } from "@quire/core";

/** Whole pixels of the page, right and bottom beyond the last one: what archives' formats ask for. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

export interface PlacedWord {
  readonly word: Word;
  readonly box: PixelBox;
  /** Of a word that is turned: see {@link Word}'s `polygon`. */
  readonly corners?: readonly PixelPoint[];
}

export interface PageLine {
  readonly words: readonly PlacedWord[];
  readonly box: PixelBox;
}

export interface PageBlock {
  readonly lines: readonly PageLine[];
  readonly box: PixelBox;
}

/** A page's words in their lines and blocks, in reading order. A block that is come back to is another one. */
export function pageBlocks({ words, width, height }: PageResult): PageBlock[] {
  const blocks: PlacedWord[][][] = [];
  let last: Word | undefined;
  for (const word of words) {
    const placed = placedWord(word, width, height);
    if (!last || word.block !== last.block) blocks.push([[placed]]);
    else if (word.line !== last.line) blocks.at(-1)?.push([placed]);
    else blocks.at(-1)?.at(-1)?.push(placed);
    last = word;
  }
  return blocks.map((block) => {
    const lines = block.map((line) => ({ words: line, box: around(line) }));
    return { lines, box: around(lines) };
  });
}

/** The rectangle around a page's blocks; null where there are none. */
export function printedArea(blocks: readonly PageBlock[]): PixelBox | null {
  return blocks.length === 0 ? null : around(blocks);
}

function around(parts: readonly { readonly box: PixelBox }[]): PixelBox {
  return parts.map(({ box }) => box).reduce(union);
}

/** In whole pixels, within the page: a text layer's words may reach beyond it. */
function placedWord(word: Word, width: number, height: number): PlacedWord {
  const { box, polygon } = word;
  const placed = {
    word,
    // Outwards.
    box: {
      left: within(Math.floor(box.x), width),
      top: within(Math.floor(box.y), height),
      right: within(Math.ceil(box.x + Math.max(box.width, 0)), width),
      bottom: within(Math.ceil(box.y + Math.max(box.height, 0)), height),
    },
  };
  if (!polygon) return placed;
  const corners = polygon.map(({ x, y }) => ({
    x: within(Math.round(x), width),
    y: within(Math.round(y), height),
  }));
  return { ...placed, corners };
}

function within(value: number, limit: number): number {
  return Math.min(Math.max(value, 0), limit);
}

function union(a: PixelBox, b: PixelBox): PixelBox {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
