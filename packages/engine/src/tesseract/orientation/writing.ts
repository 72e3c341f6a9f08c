import { cellsPerInch, type InkGrid } from "./inkGrid.ts";

/** What looks like words on a page, in cells of its {@link InkGrid}. */
export interface Writing {
  /** Where there is ink of words: the column and the row of each such cell. */
  readonly xs: Uint16Array;
  readonly ys: Uint16Array;
  /** Words that are clearly longer across than down, and the other way round; both counted by their length. */
  readonly across: number;
  readonly down: number;
  readonly words: number;
}

/** Of fewer words nothing is concluded. */
export const minWords = 5;

const cells = (millimetres: number) => (millimetres / 25.4) * cellsPerInch;
/** What is written is this thick, from the small print of a form to a headline. */
const thickness = { least: Math.floor(cells(1)), most: cells(9) };
/** A word, or several that run together; what is longer is a ruling line, if it is thin. */
const maxLength = cells(60);
/** Longer than thick by this much, it shows which way it runs. Thinner yet it is a stroke. */
const elongated = 1.6;
const stroke = 24;

/** Finds the connected pieces of ink that have the size of words: no ruling lines, no specks, no pictures. */
export function findWriting({ columns, rows, cells: ink }: InkGrid): Writing {
  const left = ink.slice();
  const found = new Uint32Array(left.length);
  let kept = 0;
  let across = 0;
  let down = 0;
  let words = 0;
  for (let first = 0; first < left.length; first++) {
    if (left[first] === 0) continue;
    const piece = takePiece(left, columns, rows, first, found, kept);
    const width = piece.right - piece.left + 1;
    const height = piece.bottom - piece.top + 1;
    const long = Math.max(width, height);
    const short = Math.min(width, height);
    if (short < thickness.least || short > thickness.most || long > maxLength) continue;
    if (long > short * stroke) continue;
    kept = piece.end;
    words++;
    if (width > height * elongated) across += width;
    if (height > width * elongated) down += height;
  }
  const xs = new Uint16Array(kept);
  const ys = new Uint16Array(kept);
  for (let index = 0; index < kept; index++) {
    const cell = found[index] as number;
    const y = Math.floor(cell / columns);
    ys[index] = y;
    xs[index] = cell - y * columns;
  }
  return { xs, ys, across, down, words };
}

/** Takes the piece of ink at a cell out of `left`; its cells are written into `found`, from `start`. */
function takePiece(
  left: Uint8Array,
  columns: number,
  rows: number,
  first: number,
  found: Uint32Array,
  start: number,
) {
  const bounds = { left: columns, right: 0, top: rows, bottom: 0 };
  let end = start;
  left[first] = 0;
  found[end++] = first;
  for (let next = start; next < end; next++) {
    const cell = found[next] as number;
    const y = Math.floor(cell / columns);
    const x = cell - y * columns;
    if (x < bounds.left) bounds.left = x;
    if (x > bounds.right) bounds.right = x;
    if (y < bounds.top) bounds.top = y;
    if (y > bounds.bottom) bounds.bottom = y;
    const lastX = Math.min(x + 1, columns - 1);
    const lastY = Math.min(y + 1, rows - 1);
    for (let nearY = Math.max(y - 1, 0); nearY <= lastY; nearY++) {
      for (let nearX = Math.max(x - 1, 0); nearX <= lastX; nearX++) {
        const near = nearY * columns + nearX;
        if (left[near] === 0) continue;
        left[near] = 0;
        found[end++] = near;
      }
    }
  }
  return { ...bounds, end };
}
