import { BitWriter } from "./bitWriter.ts";
import {
  endCode,
  horizontalCode,
  longestMultiple,
  mostVertical,
  multiple,
  multipleCodes,
  passCode,
  runCodes,
  verticalCodes,
} from "./runCodes.ts";

/** Grey below this is black: what is encoded has 0 and 255 alone. */
const blackBelow = 128;

/**
 * Encodes rows of black and white in Group 4 (ITU-T T.6): each row by where its changes of colour stand to those of the
 * row above. What is kept is a row's changes.
 *
 * @param rows grey, a byte a pixel, whole rows of `width` in each piece
 */
export async function* groupFour(rows: AsyncIterable<Uint8Array>, width: number): AsyncGenerator<Buffer> {
  const bits = new BitWriter();
  // As many changes as pixels, and three beyond the end, so that what lies beyond a last change can be asked for.
  let above = new Int32Array(width + 3).fill(width);
  let current = new Int32Array(width + 3);
  for await (const piece of rows) {
    for (let start = 0; start + width <= piece.length; start += width) {
      findChanges(piece, start, width, current);
      encodeRow(above, current, width, bits);
      [above, current] = [current, above];
    }
    yield bits.take();
  }
  bits.write(endCode);
  yield bits.end();
}

/** Where the colour changes, from the white that a row is taken to begin after. */
function findChanges(piece: Uint8Array, start: number, width: number, changes: Int32Array): void {
  let count = 0;
  let black = false;
  for (let x = 0; x < width; x++) {
    if ((piece[start + x] as number) < blackBelow === black) continue;
    changes[count++] = x;
    black = !black;
  }
  changes.fill(width, count, Math.min(count + 3, changes.length));
}

/** T.6, 2.2.2: `a0` is where coding stands, `b1` the first change above beyond it and to the other colour, `b2` the next. */
function encodeRow(above: Int32Array, current: Int32Array, width: number, bits: BitWriter): void {
  let a0 = -1;
  let next = 0;
  let over = 0;
  while (a0 < width) {
    const colour = next % 2;
    // Changes to black have even places, those to white odd ones.
    while (over > 0 && (above[over - 1] as number) > a0) over--;
    while (over % 2 !== colour || ((above[over] as number) <= a0 && (above[over] as number) < width)) over++;
    const b1 = above[over] as number;
    const b2 = above[over + 1] as number;
    const a1 = current[next] as number;
    if (b2 < a1) {
      bits.write(passCode);
      a0 = b2;
    } else if (Math.abs(a1 - b1) <= mostVertical) {
      bits.write(verticalCodes[a1 - b1 + mostVertical] as string);
      a0 = a1;
      next++;
    } else {
      const a2 = current[next + 1] as number;
      bits.write(horizontalCode);
      writeRun(a1 - Math.max(a0, 0), colour, bits);
      writeRun(a2 - a1, 1 - colour, bits);
      a0 = a2;
      next += 2;
    }
  }
}

function writeRun(length: number, colour: number, bits: BitWriter): void {
  const multiples = multipleCodes[colour] as readonly string[];
  let rest = length;
  for (; rest >= longestMultiple + multiple; rest -= longestMultiple) bits.write(multiples.at(-1) as string);
  const whole = Math.floor(rest / multiple);
  if (whole > 0) bits.write(multiples[whole - 1] as string);
  bits.write((runCodes[colour] as readonly string[])[rest % multiple] as string);
}
