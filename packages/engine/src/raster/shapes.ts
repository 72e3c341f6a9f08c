/** A connected shape (8 neighbours) in an image: the rectangle around it, its edges included, and its pixels. */
export interface Shape {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly pixels: number;
}

/**
 * The connected shapes of an image, from the first pixel of each in reading order.
 *
 * @param ink not 0 where there is ink, row by row; it is used up
 */
export function* connectedShapes(
  ink: Uint8Array,
  width: number,
  height: number,
): Generator<Shape, void, void> {
  const stack: number[] = [];
  for (let start = 0; start < ink.length; start++) {
    if (ink[start] === 0) continue;
    let pixels = 0;
    let left = width;
    let right = 0;
    let top = height;
    let bottom = 0;
    ink[start] = 0;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop() as number;
      const y = Math.floor(at / width);
      const x = at - y * width;
      pixels++;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      for (let nearY = Math.max(0, y - 1); nearY <= Math.min(height - 1, y + 1); nearY++) {
        for (let nearX = Math.max(0, x - 1); nearX <= Math.min(width - 1, x + 1); nearX++) {
          const near = nearY * width + nearX;
          if (ink[near] === 0) continue;
          ink[near] = 0;
          stack.push(near);
        }
      }
    }
    yield { left, top, right, bottom, pixels };
  }
}
