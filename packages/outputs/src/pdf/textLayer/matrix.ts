import type { PageGeometry } from "@quire/core";

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

/** Both maps after each other. */
export function then(first: Matrix, second: Matrix): Matrix {
  const [a, b] = mapVector(second, first[0], first[1]);
  const [c, d] = mapVector(second, first[2], first[3]);
  const [e, f] = mapPoint(second, first[4], first[5]);
  return [a, b, c, d, e, f];
}

/** From the reading space of a page to its box space: what `toReadingSpace` of `@quire/core` does, undone. */
export function fromReadingSpace({ width, height, orientation }: PageGeometry): Matrix {
  switch (orientation) {
    case 90:
      return [0, -1, 1, 0, 0, height];
    case 180:
      return [-1, 0, 0, -1, width, height];
    case 270:
      return [0, 1, -1, 0, width, 0];
    default:
      return [1, 0, 0, 1, 0, 0];
  }
}
