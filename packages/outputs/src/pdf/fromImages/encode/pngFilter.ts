/**
 * Filters of PNG (PNG specification, third edition, 9) by number. Averaging (3) is left out: it is seldom the best, and
 * Paeth is then nearly as good.
 */
const filters = { none: 0, sub: 1, up: 2, paeth: 4 } as const;
type Filter = (typeof filters)[keyof typeof filters];

/** Every so many bytes of a row are looked at to choose its filter: they tell as well as all. */
const sampledEvery = 13;

/**
 * Filters a row with the filter whose bytes are the smallest, which is the specification's own advice (12.7).
 *
 * @param above the row above it, zeros for the first
 * @param pixelBytes bytes of a whole pixel
 * @param output the filter's number and then the row
 */
export function filterRow(row: Uint8Array, above: Uint8Array, pixelBytes: number, output: Uint8Array): void {
  const filter = chooseFilter(row, above, pixelBytes);
  output[0] = filter;
  output.set(row, 1);
  if (filter === filters.sub) subtractLeft(row, pixelBytes, output);
  if (filter === filters.up) subtractAbove(row, above, row.length, output);
  if (filter === filters.paeth) {
    // The leftmost pixel has none to its left: there Paeth takes what is above.
    subtractAbove(row, above, pixelBytes, output);
    subtractPaeth(row, above, pixelBytes, output);
  }
}

function subtractLeft(row: Uint8Array, pixelBytes: number, output: Uint8Array): void {
  for (let at = pixelBytes; at < row.length; at++) {
    output[at + 1] = (row[at] as number) - (row[at - pixelBytes] as number);
  }
}

function subtractAbove(row: Uint8Array, above: Uint8Array, end: number, output: Uint8Array): void {
  for (let at = 0; at < end; at++) output[at + 1] = (row[at] as number) - (above[at] as number);
}

function subtractPaeth(row: Uint8Array, above: Uint8Array, pixelBytes: number, output: Uint8Array): void {
  for (let at = pixelBytes; at < row.length; at++) {
    const left = row[at - pixelBytes] as number;
    const up = above[at] as number;
    output[at + 1] = (row[at] as number) - paeth(left, up, above[at - pixelBytes] as number);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function chooseFilter(row: Uint8Array, above: Uint8Array, pixelBytes: number): Filter {
  let none = 0;
  let sub = 0;
  let up = 0;
  let predicted = 0;
  for (let at = pixelBytes; at < row.length; at += sampledEvery) {
    const value = row[at] as number;
    const left = row[at - pixelBytes] as number;
    const over = above[at] as number;
    none += distance(value);
    sub += distance(value - left);
    up += distance(value - over);
    predicted += distance(value - paeth(left, over, above[at - pixelBytes] as number));
  }
  const least = Math.min(none, sub, up, predicted);
  if (least === none) return filters.none;
  if (least === up) return filters.up;
  return least === sub ? filters.sub : filters.paeth;
}

/** How far a byte is from zero, counted round. */
function distance(difference: number): number {
  const byte = difference & 0xff;
  return byte < 128 ? byte : 256 - byte;
}
