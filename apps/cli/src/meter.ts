/**
 * A bar of `width` characters, brackets included, filled to `share` (0 to 1), with a notch at each of the marks that
 * it has not reached.
 */
export function meter(share: number, width: number, marks: readonly number[] = []): string {
  const cells = Math.max(1, width - 2);
  const at = (part: number) => Math.round(Math.min(1, Math.max(0, part)) * cells);
  const filled = at(share);
  const notches = marks.map((mark) => at(mark));
  const drawn = Array.from({ length: cells }, (_, cell) => {
    if (cell < filled) return "█";
    return notches.includes(cell) ? "|" : "·";
  });
  return `[${drawn.join("")}]`;
}
