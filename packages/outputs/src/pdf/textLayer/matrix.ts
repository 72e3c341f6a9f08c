/**
 * An affine map as PDF writes it (ISO 32000-1, 8.3.3): x' = a x + c y + e, y' = b x + d y + f.
 */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** A point, mapped. */
export function mapPoint([a, b, c, d, e, f]: Matrix, x: number, y: number): [x: number, y: number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** A direction with its length, mapped. */
export function mapVector([a, b, c, d]: Matrix, x: number, y: number): [x: number, y: number] {
  return [a * x + c * y, b * x + d * y];
}
