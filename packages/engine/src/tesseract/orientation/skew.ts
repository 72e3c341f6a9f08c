import { maxSkew } from "@quire/core";

/** The angle at which what is written falls into lines best. */
export interface Alignment {
  /** By how many degrees the lines fall to the right. */
  readonly degrees: number;
  /** How sharply the lines stand out there: from one direction to the other of the same ink, more is sharper. */
  readonly sharpness: number;
  /** How much more sharply the lines stand out there than at most other angles; 1: they do not. */
  readonly prominence: number;
}

/** Angles are tried up to here, so that a page beyond {@link maxSkew} is not taken for one at it. In degrees. */
const widest = maxSkew + 1.5;
/** A line as long as a page is wide, and one x high, is blurred over by half a degree: no peak falls between steps. */
const coarseStepsPerDegree = 4;
const fineStepsPerDegree = 10;
/** Fine steps from a coarse one to the next, and somewhat beyond. */
const fineReach = 3;
/** So many pieces of ink are enough for the coarse steps, which are many. */
const enoughInk = 10_000;
/** Lines that are short fall into rows at several angles: where they do so at 0, that is it. */
const asSharp = 0.95;
/** How sharply lines stand out at most angles shows at some of them. */
const usualStepDegrees = 2;

/**
 * Finds the angle by the projection profile (Postl, US patent 4,723,297, 1988): the ink is counted in the rows of the
 * page sheared by each angle; where the angle is that of the lines, full rows stand beside empty ones.
 *
 * @param along where each piece of ink lies along the lines, and `across` where across them; for lines that run down the
 *   page, `along` is counted from the top and `across` from the right
 */
export function findAlignment(along: Uint16Array, across: Uint16Array): Alignment {
  const sharpnessAt = shearProfile(along, across);
  const stride = Math.ceil(along.length / enoughInk);
  const coarse = anglesApart(1 / coarseStepsPerDegree);
  const coarsely = coarse.map((angle) => sharpnessAt(angle, stride));
  const nearest = coarse[coarsely.indexOf(Math.max(...coarsely))] as number;

  let degrees = nearest;
  let sharpness = 0;
  const middle = Math.round(nearest * fineStepsPerDegree);
  for (let step = middle - fineReach; step <= middle + fineReach; step++) {
    const fine = sharpnessAt(step / fineStepsPerDegree, 1);
    if (fine <= sharpness) continue;
    sharpness = fine;
    degrees = step / fineStepsPerDegree;
  }
  if (sharpnessAt(0, 1) > sharpness * asSharp) degrees = 0;
  const elsewhere = anglesApart(usualStepDegrees).map((angle) => sharpnessAt(angle, 1));
  const usual = elsewhere.sort((a, b) => a - b)[elsewhere.length >> 1] as number;
  return { degrees, sharpness, prominence: usual > 0 ? sharpness / usual : 1 };
}

/** All angles that are tried, by a step in degrees. */
function anglesApart(stepDegrees: number): number[] {
  const steps = Math.floor(widest / stepDegrees);
  return Array.from({ length: 2 * steps + 1 }, (_, index) => (index - steps) * stepDegrees);
}

/** How sharply lines stand out at an angle: by how much the ink of each row differs from the next, squared and summed. */
function shearProfile(along: Uint16Array, across: Uint16Array): (degrees: number, stride: number) => number {
  const margin = Math.ceil(highest(along) * slopeOf(widest + 1)) + 1;
  /** Rounds to the nearest row, none of which is negative. */
  const toRow = margin + 0.5;
  const profile = new Uint32Array(highest(across) + 2 * margin + 2);
  return (degrees, stride) => {
    const slope = slopeOf(degrees);
    profile.fill(0);
    for (let index = 0; index < along.length; index += stride) {
      const row = ((across[index] as number) - slope * (along[index] as number) + toRow) | 0;
      profile[row] = (profile[row] as number) + 1;
    }
    let sum = 0;
    for (let row = 1; row < profile.length; row++) {
      const change = (profile[row] as number) - (profile[row - 1] as number);
      sum += change * change;
    }
    return sum;
  };
}

function slopeOf(degrees: number): number {
  return Math.tan((degrees * Math.PI) / 180);
}

function highest(places: Uint16Array): number {
  let found = 0;
  for (const place of places) if (place > found) found = place;
  return found;
}
