const filters = { none: 0, sub: 1, up: 2, paeth: 4 } as const;

/** Every so many bytes of a row are looked at to choose its filter: they tell as well as all. */
const sampledEvery = 7;

/**
 * Filters a row as PNG does (PNG specification, third edition, 9), with the filter whose bytes are the smallest, which is
 * the specification's own advice (12.7).
 *
 * @param output the filter's number and then the row
 */
export function filterRow(row: Uint8Array, above: Uint8Array, pixelBytes: number, output: Uint8Array): void {
  const filter = chooseFilter(row, above, pixelBytes);
  output[0] = filter;
  if (filter === filters.none) {
    output.set(row, 1);
    return;
  }
  for (let at = 0; at < row.length; at++) output[at + 1] = filtered(filter, row, above, pixelBytes, at);
}

function chooseFilter(row: Uint8Array, above: Uint8Array, pixelBytes: number): number {
  const sums = [0, 0, 0, 0, 0];
  for (let at = 0; at < row.length; at += sampledEvery) {
    for (const filter of Object.values(filters)) {
      const byte = filtered(filter, row, above, pixelBytes, at);
      sums[filter] = (sums[filter] as number) + (byte < 128 ? byte : 256 - byte);
    }
  }
  let best: number = filters.none;
  for (const filter of Object.values(filters))
    if ((sums[filter] as number) < (sums[best] as number)) best = filter;
  return best;
}

function filtered(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  pixelBytes: number,
  at: number,
): number {
  const value = row[at] as number;
  const left = at >= pixelBytes ? (row[at - pixelBytes] as number) : 0;
  const up = above[at] as number;
  if (filter === filters.none) return value;
  if (filter === filters.sub) return (value - left) & 0xff;
  if (filter === filters.up) return (value - up) & 0xff;
  const corner = at >= pixelBytes ? (above[at - pixelBytes] as number) : 0;
  return (value - paeth(left, up, corner)) & 0xff;
}

function paeth(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
