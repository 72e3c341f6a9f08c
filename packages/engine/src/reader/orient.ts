import type { Orientation } from "@quire/core";
import type { TextLine } from "./lineImage.ts";
import type { Rectangle } from "./rectangles.ts";

/** Reads a line in its direction. @returns how sure that is: the mean probability of its characters, 0 where there are none */
export type TryLine = (line: TextLine) => Promise<number>;

/** So much longer than thick, a rectangle shows which way its line runs. */
const elongated = 1.5;
/** A tall rectangle that is no longer than so many usual lines are thick is a single narrow character: an I or a 1. */
const maxCharacterHeight = 1.7;
/** So many lines tell which way up a page is, by so much of each, in multiples of its thickness. */
const triedLines = 4;
const triedLength = 8;
/** Lines are read with 0.95 and more the right way up, upside down with 0.4 to 0.7. */
const readsWell = 0.85;

/**
 * Finds out which way what is written lies: along or across the page by the shapes of its lines, and which way up by
 * reading some of them both ways.
 */
export async function findOrientation(
  rectangles: readonly Rectangle[],
  tryLine: TryLine,
): Promise<Orientation> {
  const clear = rectangles.filter(isElongated);
  const extent = (of: readonly Rectangle[]) =>
    of.reduce((sum, { width, height }) => sum + Math.max(width, height), 0);
  const tall = clear.filter(({ width, height }) => height > width);
  const sideways = extent(tall) > extent(clear) / 2;
  const samples = (sideways ? tall : clear.filter((each) => !tall.includes(each)))
    .toSorted((one, other) => Math.max(other.width, other.height) - Math.max(one.width, one.height))
    .slice(0, triedLines);
  if (samples.length === 0) return 0;
  const [first, second]: readonly [Orientation, Orientation] = sideways ? [90, 270] : [0, 180];
  const sureness = async (orientation: Orientation) => {
    let sum = 0;
    for (const sample of samples) sum += await tryLine(beginning(toLine(sample, orientation)));
    return sum / samples.length;
  };
  const asFirst = await sureness(first);
  if (asFirst >= readsWell) return first;
  return (await sureness(second)) > asFirst ? second : first;
}

function isElongated({ width, height }: Rectangle): boolean {
  return Math.max(width, height) >= elongated * Math.min(width, height);
}

/** The first part of a line. */
function beginning({ x, y, length, thickness, angle }: TextLine): TextLine {
  const kept = Math.min(length, triedLength * thickness);
  const back = (length - kept) / 2;
  return { x: x - back * Math.cos(angle), y: y - back * Math.sin(angle), length: kept, thickness, angle };
}

/** A line, and the same read from its other end, where its shape does not tell and the page's orientation neither. */
export interface LineCandidate {
  readonly line: TextLine;
  readonly reversed: TextLine | null;
}

/** The lines in the directions in which they are read on a page of this orientation. */
export function toLines(rectangles: readonly Rectangle[], orientation: Orientation): LineCandidate[] {
  const usual = usualThickness(rectangles);
  return rectangles.map((rectangle) => {
    const across = orientation % 180 === 0 ? rectangle.height : rectangle.width;
    const along = orientation % 180 === 0 ? rectangle.width : rectangle.height;
    // A line that runs across the others: a label up the side of a table, a stamp at the margin.
    const runsAcross = across >= elongated * along && across > maxCharacterHeight * usual;
    if (!runsAcross) return { line: toLine(rectangle, orientation), reversed: null };
    const upwards = ((orientation + 90) % 360) as Orientation;
    const downwards = ((orientation + 270) % 360) as Orientation;
    return { line: toLine(rectangle, upwards), reversed: toLine(rectangle, downwards) };
  });
}

/** The median thickness of lines whose shape is clear. */
function usualThickness(rectangles: readonly Rectangle[]): number {
  const thicknesses = rectangles
    .filter(isElongated)
    .map(({ width, height }) => Math.min(width, height))
    .toSorted((one, other) => one - other);
  return thicknesses[thicknesses.length >> 1] ?? 0;
}

/** A rectangle as a line that reads rightwards once it is turned clockwise by the orientation. */
function toLine({ x, y, width, height, angle }: Rectangle, orientation: Orientation): TextLine {
  const turned = angle - (orientation * Math.PI) / 180;
  return orientation % 180 === 0
    ? { x, y, length: width, thickness: height, angle: turned }
    : { x, y, length: height, thickness: width, angle: turned };
}

/**
 * By how many degrees lines fall to the right on the page once it is upright: the median of long lines, weighted by
 * their length.
 */
export function measureSkew(rectangles: readonly Rectangle[]): number {
  const clear = rectangles
    .filter(({ width, height }) => Math.max(width, height) >= 4 * Math.min(width, height))
    .toSorted((one, other) => one.angle - other.angle);
  const total = clear.reduce((sum, { width, height }) => sum + Math.max(width, height), 0);
  let seen = 0;
  for (const { width, height, angle } of clear) {
    seen += Math.max(width, height);
    if (seen >= total / 2) return Math.round(((angle * 180) / Math.PI) * 10) / 10;
  }
  return 0;
}
