import { frameWidth, type LineImage, lineHeight } from "../reader/lineImage.ts";
import type { RecogniserNetwork } from "../reader/sessions.ts";

/** The classes of the fake recognisers: the CTC blank, what they read, the space. */
export const fakeCharset = ["", ..."ab0123456789.-:/", " "];
export const ground = 255;
/** Levels lie so far apart that what is interpolated between two is taken for neither. */
const levelStep = 7;

/** The grey level that a fake recogniser reads as a character. */
export function levelOf(text: string): number {
  const index = fakeCharset.indexOf(text);
  if (index < 1) throw new Error(`no fake recogniser reads "${text}"`);
  return index * levelStep;
}

/** What a fake recogniser reads where it does not read what is painted, and how sure it is (0–1). */
export interface FakeReading {
  readonly instead?: Readonly<Record<string, string>>;
  readonly probability?: number;
}

/**
 * A recogniser that reads painted levels: in each frame the character whose level most of its middle rows have. It
 * notes the widths that it was given.
 */
export function fakeRecogniser({ instead = {}, probability = 0.99 }: FakeReading = {}): RecogniserNetwork & {
  readonly widths: number[];
} {
  const widths: number[] = [];
  const classes = fakeCharset.length;
  return {
    charset: fakeCharset,
    widths,
    inputOf: (length) => new Float32Array(length),
    async run(input, [, , , width = 0]) {
      widths.push(width);
      const frames = width / frameWidth;
      const data = new Float32Array(frames * classes);
      for (let frame = 0; frame < frames; frame++) {
        const painted = fakeCharset[classAt(input, width, frame)] as string;
        const read = instead[painted] ?? painted;
        data.fill((1 - probability) / (classes - 1), frame * classes, (frame + 1) * classes);
        data[frame * classes + fakeCharset.indexOf(read)] = probability;
      }
      return { data, shape: [1, frames, classes] };
    },
  };
}

/** The class of the median level in the middle of a frame; 0, the blank, where it is no character's. */
function classAt(input: Float32Array, width: number, frame: number): number {
  const levels: number[] = [];
  for (let row = lineHeight / 2 - 4; row < lineHeight / 2 + 4; row++)
    for (let column = frame * frameWidth; column < (frame + 1) * frameWidth; column++)
      levels.push(((input[row * width + column] as number) + 1) * 127.5);
  levels.sort((one, other) => one - other);
  const index = (levels[levels.length >> 1] as number) / levelStep;
  const isCharacter = Math.abs(index - Math.round(index)) < 0.1 && index < fakeCharset.length - 1;
  return isCharacter ? Math.round(index) : 0;
}

/** Frames of a painted character, of the gap behind it, and of a blank. */
const frames = { character: 2, gap: 1, blank: 3 };

/** A line image on which a fake recogniser reads a text. */
export function paintedLine(text: string): LineImage {
  const columns = [...text].reduce((sum, each) => sum + framesOf(each) * frameWidth, 0);
  const width = columns + frameWidth;
  const pixels = new Uint8Array(width * lineHeight).fill(ground);
  let start = frameWidth;
  for (const each of text) {
    if (each !== " ")
      for (let row = 10; row < lineHeight - 10; row++)
        pixels.fill(
          levelOf(each),
          row * width + start,
          row * width + start + frames.character * frameWidth - 2,
        );
    start += framesOf(each) * frameWidth;
  }
  return {
    line: { x: width / 2, y: lineHeight / 2, length: width, thickness: lineHeight, angle: 0 },
    width,
    pixels,
  };
}

function framesOf(text: string): number {
  return text === " " ? frames.blank : frames.character + frames.gap;
}

/** A recogniser that reads the same text from whatever it is shown, two frames a character, as surely as possible. */
export function sayingRecogniser(text: string): RecogniserNetwork & { readonly asked: () => number } {
  const charset = ["", ...new Set([...text].filter((each) => each !== " ")), " "];
  let asked = 0;
  return {
    charset,
    inputOf: (length) => new Float32Array(length),
    asked: () => asked,
    async run(_, [, , , width = 0]) {
      asked++;
      const count = width / frameWidth;
      const data = new Float32Array(count * charset.length);
      for (let frame = 0; frame < count; frame++) {
        const said = frame % 2 === 1 ? ([...text][(frame - 1) / 2] ?? "") : "";
        data[frame * charset.length + charset.indexOf(said)] = 1;
      }
      return { data, shape: [1, count, charset.length] };
    },
  };
}
