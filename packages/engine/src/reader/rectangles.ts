import type { GreyImage } from "./resize.ts";

/** A rectangle by its centre, its sides and the angle of its width to the right, in radians, clockwise. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** The settings of PP-OCRv6's authors: a pixel is text from 0.2 on, a line from a mean of 0.4. */
const minPixel = 51;
const minMean = 0.4 * 255;
const minPixels = 6;
/** Lines come out shrunk (Differentiable Binarization, 2020, section 3.3): grown by area × this / circumference. */
const unclipRatio = 1.4;
/** A turned rectangle is taken where it is so much smaller than the upright one. */
const turnedShare = 0.93;

/**
 * Finds the rectangles around connected areas of text.
 *
 * @param probability 0–255: that a pixel is text
 */
export function findRectangles(probability: GreyImage): Rectangle[] {
  const { width, height, pixels } = probability;
  const seen = new Uint8Array(pixels.length);
  const rectangles: Rectangle[] = [];
  const stack: number[] = [];
  for (let start = 0; start < pixels.length; start++) {
    if (seen[start] === 1 || (pixels[start] as number) < minPixel) continue;
    // Pixels come row by row: no row of the area is above that of its first pixel.
    const firstRow = Math.floor(start / width);
    const spans: Span[] = [];
    let sum = 0;
    let count = 0;
    seen[start] = 1;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop() as number;
      const y = Math.floor(at / width);
      const x = at - y * width;
      sum += pixels[at] as number;
      count++;
      const span = spans[y - firstRow];
      if (!span) spans[y - firstRow] = { left: x, right: x };
      else if (x < span.left) span.left = x;
      else if (x > span.right) span.right = x;
      for (let nearY = Math.max(0, y - 1); nearY <= Math.min(height - 1, y + 1); nearY++) {
        for (let nearX = Math.max(0, x - 1); nearX <= Math.min(width - 1, x + 1); nearX++) {
          const near = nearY * width + nearX;
          if (seen[near] === 1 || (pixels[near] as number) < minPixel) continue;
          seen[near] = 1;
          stack.push(near);
        }
      }
    }
    if (count < minPixels || sum / count < minMean) continue;
    rectangles.push(grown(smallestRectangle(spans, firstRow)));
  }
  return rectangles;
}

interface Span {
  left: number;
  right: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function grown({ x, y, width, height, angle }: Rectangle): Rectangle {
  const by = (width * height * unclipRatio) / (2 * (width + height));
  return { x, y, width: width + 2 * by, height: height + 2 * by, angle };
}

/** The smallest rectangle around an area, given by the span of each of its rows; upright unless a turned one is clearly smaller. */
function smallestRectangle(spans: readonly Span[], firstRow: number): Rectangle {
  const corners: Point[] = [];
  for (const [row, { left, right }] of spans.entries()) {
    const y = firstRow + row;
    corners.push({ x: left, y }, { x: right + 1, y }, { x: left, y: y + 1 }, { x: right + 1, y: y + 1 });
  }
  const hull = convexHull(corners);
  const upright = rectangleAt(hull, 0);
  let best = upright;
  for (const [index, point] of hull.entries()) {
    const next = hull[(index + 1) % hull.length] as Point;
    const edge = Math.atan2(next.y - point.y, next.x - point.x);
    const turned = rectangleAt(hull, nearestToUpright(edge));
    if (turned.width * turned.height < best.width * best.height) best = turned;
  }
  return best.width * best.height < turnedShare * upright.width * upright.height ? best : upright;
}

/** The same direction of edges, turned by quarters to between −45 and 45 degrees. */
function nearestToUpright(angle: number): number {
  const quarter = Math.PI / 2;
  return angle - Math.round(angle / quarter) * quarter;
}

function rectangleAt(points: readonly Point[], angle: number): Rectangle {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    const along = x * cos + y * sin;
    const across = y * cos - x * sin;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const along = (left + right) / 2;
  const across = (top + bottom) / 2;
  return {
    x: along * cos - across * sin,
    y: along * sin + across * cos,
    width: right - left,
    height: bottom - top,
    angle,
  };
}

/** Andrew's monotone chain. */
function convexHull(points: Point[]): Point[] {
  points.sort((one, other) => one.x - other.x || one.y - other.y);
  const half = (ordered: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && !turnsLeft(chain.at(-2) as Point, chain.at(-1) as Point, point))
        chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(points), ...half(points.toReversed())];
}

function turnsLeft(from: Point, over: Point, to: Point): boolean {
  return (over.x - from.x) * (to.y - from.y) - (over.y - from.y) * (to.x - from.x) > 0;
}
