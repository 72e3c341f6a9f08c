import type { Rectangle } from "./rectangles.ts";

/** Two parts of one line: their middles differ by less than this share of their height, … */
export const maxOffset = 0.35;
/** … the higher one is at most so many times as high, … */
const maxHeightRatio = 1.6;
/** … and their directions differ by at most this, in radians. */
const maxTurn = 0.06;

/**
 * Joins rectangles that overlap along the same line: the detector divides a line at times in the middle of a word, and a
 * letter that is in both would be read twice.
 */
export function mergeOverlapping(rectangles: readonly Rectangle[]): Rectangle[] {
  const merged: Rectangle[] = [];
  for (const rectangle of rectangles.toSorted(
    (one, other) => one.x - one.width / 2 - (other.x - other.width / 2),
  )) {
    const index = merged.findIndex((before) => overlapsAlongLine(before, rectangle));
    if (index < 0) merged.push(rectangle);
    else merged[index] = union(merged[index] as Rectangle, rectangle);
  }
  return merged;
}

function overlapsAlongLine(one: Rectangle, other: Rectangle): boolean {
  const height = Math.min(one.height, other.height);
  if (Math.max(one.height, other.height) > maxHeightRatio * height) return false;
  if (Math.abs(one.angle - other.angle) > maxTurn) return false;
  if (one.width < one.height || other.width < other.height) return false;
  const { along, across } = seenFrom(one, other);
  return Math.abs(across) < maxOffset * height && Math.abs(along) < (one.width + other.width) / 2;
}

/** Where the centre of another rectangle is, along and across this one. */
function seenFrom(one: Rectangle, other: Rectangle): { along: number; across: number } {
  const cos = Math.cos(one.angle);
  const sin = Math.sin(one.angle);
  const x = other.x - one.x;
  const y = other.y - one.y;
  return { along: x * cos + y * sin, across: y * cos - x * sin };
}

/** Around both, in the direction of the wider one. */
function union(one: Rectangle, other: Rectangle): Rectangle {
  const [base, added] = one.width >= other.width ? [one, other] : [other, one];
  const { along, across } = seenFrom(base, added);
  const left = Math.min(-base.width / 2, along - added.width / 2);
  const right = Math.max(base.width / 2, along + added.width / 2);
  const top = Math.min(-base.height / 2, across - added.height / 2);
  const bottom = Math.max(base.height / 2, across + added.height / 2);
  const cos = Math.cos(base.angle);
  const sin = Math.sin(base.angle);
  return {
    x: base.x + ((left + right) / 2) * cos - ((top + bottom) / 2) * sin,
    y: base.y + ((left + right) / 2) * sin + ((top + bottom) / 2) * cos,
    width: right - left,
    height: bottom - top,
    angle: base.angle,
  };
}
