import { type LineInk, widestGap } from "./ink.ts";
import { frameWidth, type LineImage, lineHeight } from "./lineImage.ts";
import type { RecogniserNetwork } from "./sessions.ts";

/**
 * A character that was read: how probable it is (0–1), and the column of the line image where it begins to show.
 * `second`: what the other recogniser read in its place, where that has read it too: no text where it read nothing.
 */
export interface Character {
  readonly text: string;
  readonly probability: number;
  readonly column: number;
  readonly second?: { readonly text: string; readonly probability: number };
}

/** What a recogniser reads of a line, from left to right, without the spaces. */
export interface LineReading {
  readonly characters: readonly Character[];
  /** The probability of a space (0–1) in each frame of {@link frameWidth} columns. */
  readonly spaces: Float32Array;
}

/** Columns that a recogniser gets at once: its memory grows with them, and 960 take 15 MB. */
const maxPieceWidth = 960;
/** A piece is cut within so many columns before its greatest width, where the gap is widest. */
const cutReach = 320;
/** Columns that a piece sees beyond its cut. */
const pieceContext = 32;

/** Reads a part of a line image. A long one is read in overlapping pieces that are joined where there is a gap. */
export async function recognise(
  image: LineImage,
  ink: LineInk,
  network: RecogniserNetwork,
  range = { start: 0, end: image.width },
): Promise<LineReading> {
  const frames: Frames = { classes: [], probabilities: [], spaces: [] };
  for (let start = range.start; start < range.end; ) {
    const end = endOfPiece(start, range.end, ink);
    const from = Math.max(range.start, start - pieceContext);
    const to = Math.min(range.end, end + pieceContext);
    await readFrames(image, { from, to, start, end }, network, frames);
    start = end;
  }
  return {
    characters: decode(frames, network.charset, range.start),
    spaces: Float32Array.from(frames.spaces),
  };
}

/** The best class of each frame, its probability, and that of a space. */
interface Frames {
  readonly classes: number[];
  readonly probabilities: number[];
  readonly spaces: number[];
}

function endOfPiece(start: number, end: number, ink: LineInk): number {
  if (end - start <= maxPieceWidth) return end;
  const last = start + maxPieceWidth - 2 * pieceContext;
  const gap = widestGap(ink, { start: last - cutReach, end: last });
  const cut = gap ? (gap.start + gap.end) / 2 : last;
  return start + Math.max(1, Math.round((cut - start) / frameWidth)) * frameWidth;
}

/** Reads the columns `from` to `to` and keeps the frames of `start` to `end`. */
async function readFrames(
  image: LineImage,
  { from, to, start, end }: { from: number; to: number; start: number; end: number },
  network: RecogniserNetwork,
  { classes, probabilities, spaces }: Frames,
): Promise<void> {
  const width = Math.ceil((to - from) / frameWidth) * frameWidth;
  const input = network.inputOf(3 * lineHeight * width);
  const plane = lineHeight * width;
  for (let row = 0; row < lineHeight; row++) {
    for (let column = 0; column < width; column++) {
      const source = Math.min(from + column, image.width - 1);
      const value = (image.pixels[row * image.width + source] as number) / 127.5 - 1;
      const at = row * width + column;
      input[at] = value;
      input[plane + at] = value;
      input[2 * plane + at] = value;
    }
  }
  const { data, shape } = await network.run(input, [1, 3, lineHeight, width]);
  const classCount = shape[2] as number;
  const firstFrame = Math.round((start - from) / frameWidth);
  const lastFrame = Math.min(shape[1] as number, Math.ceil((end - from) / frameWidth));
  for (let frame = firstFrame; frame < lastFrame; frame++) {
    let best = 0;
    for (let each = 1, at = frame * classCount; each < classCount; each++)
      if ((data[at + each] as number) > (data[at + best] as number)) best = each;
    classes.push(best);
    probabilities.push(data[frame * classCount + best] as number);
    spaces.push(data[(frame + 1) * classCount - 1] as number);
  }
}

/**
 * Greedy CTC decoding (Graves et al. 2006): frames of one class after another are one character, blanks are left out.
 * Frame t stands for the middle of its columns, and a character is where its first frame is.
 */
function decode({ classes, probabilities }: Frames, charset: readonly string[], offset: number): Character[] {
  const space = charset.length - 1;
  const characters: Character[] = [];
  for (let frame = 0; frame < classes.length; frame++) {
    const best = classes[frame] as number;
    if (best === 0 || best === space) continue;
    let probability = probabilities[frame] as number;
    const column = offset + (frame + 0.5) * frameWidth;
    while (classes[frame + 1] === best) probability = Math.max(probability, probabilities[++frame] as number);
    characters.push({ text: charset[best] as string, probability, column });
  }
  return characters;
}

/** 0 where there are none. */
export function meanProbability(characters: readonly Character[]): number {
  if (characters.length === 0) return 0;
  return characters.reduce((sum, { probability }) => sum + probability, 0) / characters.length;
}
