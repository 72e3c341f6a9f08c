import type { Box, PageResult, Word } from "@quire/core";
import type { TextLayer } from "../formats/openedDocument.ts";

const pointsPerInch = 72;
/** Places are told apart to a fiftieth of an inch: a quarter of a letter's height. */
const cellsPerInch = 50;

/** Where a page has text of its own. */
export class OwnText {
  readonly #cells: Uint8Array;
  readonly #columns: number;
  readonly #cellPixels: number;

  /**
   * @param page the box space that is asked about
   * @param layer the page's text, upright as the page
   */
  constructor({ width, height, dpi }: Pick<PageResult, "width" | "height" | "dpi">, layer: TextLayer) {
    this.#cellPixels = Math.max(1, dpi / cellsPerInch);
    this.#columns = Math.ceil(width / this.#cellPixels);
    const rows = Math.ceil(height / this.#cellPixels);
    this.#cells = new Uint8Array(this.#columns * rows);
    const cellsPerPoint = dpi / pointsPerInch / this.#cellPixels;
    for (const { box } of layer.words) {
      const [left, right] = [box.x, box.x + box.width].map((x) => clamped(x * cellsPerPoint, this.#columns));
      const [top, bottom] = [box.y, box.y + box.height].map((y) => clamped(y * cellsPerPoint, rows));
      for (let row = top as number; row <= (bottom as number); row++)
        this.#cells.fill(
          1,
          row * this.#columns + (left as number),
          row * this.#columns + (right as number) + 1,
        );
    }
  }

  /** The words, with those marked whose middle lies in one of the page's own. */
  mark<Recognised extends Word>(words: readonly Recognised[]): Recognised[] {
    return words.map((word) => (this.#isIn(word.box) ? { ...word, inTextLayer: true } : word));
  }

  #isIn({ x, y, width, height }: Box): boolean {
    const column = Math.floor((x + width / 2) / this.#cellPixels);
    const row = Math.floor((y + height / 2) / this.#cellPixels);
    return this.#cells[row * this.#columns + column] === 1;
  }
}

/** The cell that a place is in, or the nearest there is; for what is no number, the first. */
function clamped(place: number, cells: number): number {
  return Math.min(cells - 1, Math.max(0, Math.floor(place) || 0));
}
