import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeRecogniser, paintedLine } from "../testing/fakeNetworks.ts";
import { findLineInk } from "./ink.ts";
import { type LineImage, lineHeight } from "./lineImage.ts";
import { recognise } from "./recognise.ts";
import type { RecogniserNetwork } from "./sessions.ts";

/** A recogniser with the charset "", a, b and a space whose frames are given: class and probability. */
function scripted(frames: readonly (readonly [best: number, probability: number])[]): RecogniserNetwork {
  const charset = ["", "a", "b", " "];
  return {
    charset,
    inputOf: (length) => new Float32Array(length),
    async run() {
      const data = new Float32Array(frames.length * charset.length);
      for (const [frame, [best, probability]] of frames.entries())
        data[frame * charset.length + best] = probability;
      return { data, shape: [1, frames.length, charset.length] };
    },
  };
}

function blankLine(frames: number): LineImage {
  const width = frames * 8;
  return {
    line: { x: 0, y: 0, length: width, thickness: lineHeight, angle: 0 },
    width,
    pixels: new Uint8Array(width * lineHeight).fill(255),
  };
}

async function decoded(frames: readonly (readonly [number, number])[]) {
  const image = blankLine(frames.length);
  return recognise(image, findLineInk(image), scripted(frames));
}

test("frames of one class are one character, as probable as the best of them, where the first of them is", async () => {
  const { characters } = await decoded([
    [0, 0.9],
    [1, 0.5],
    [1, 0.75],
    [2, 0.5],
    [0, 0.9],
  ]);
  assert.deepEqual(characters, [
    { text: "a", probability: 0.75, column: 12 },
    { text: "b", probability: 0.5, column: 28 },
  ]);
});

test("a letter that is there twice has a blank or a space between", async () => {
  const { characters, spaces } = await decoded([
    [1, 0.5],
    [0, 0.5],
    [1, 0.5],
    [3, 0.75],
    [1, 0.5],
  ]);
  assert.equal(characters.map(({ text }) => text).join(""), "aaa");
  assert.deepEqual([...spaces], [0, 0, 0, 0.75, 0]);
});

test("an empty line has no characters", async () => {
  assert.deepEqual((await decoded([[0, 1]])).characters, []);
});

test("a long line is read in pieces that are joined: nothing is lost, doubled or moved", async () => {
  const text = "0123456789ab".repeat(12);
  const image = paintedLine(text);
  const network = fakeRecogniser();
  const { characters, spaces } = await recognise(image, findLineInk(image), network);
  assert.ok(network.widths.length > 2, "it takes several pieces");
  assert.ok(network.widths.every((width) => width <= 1280 + 64));
  assert.equal(characters.map((each) => each.text).join(""), text);
  // A character takes three frames, the first of which follows a blank one.
  for (const [index, { column }] of characters.entries()) assert.equal(column, 8 + index * 24 + 4);
  assert.equal(spaces.length, image.width / 8);
});

test("where a long line has no gap it is cut all the same", async () => {
  const image = blankLine(400);
  image.pixels.fill(0, 10 * image.width, 38 * image.width);
  const network = fakeRecogniser();
  const { spaces } = await recognise(image, findLineInk(image), network);
  assert.ok(network.widths.every((width) => width <= 1280 + 64));
  assert.equal(spaces.length, 400);
});

test("a part of a line is read by itself, and its characters are where they are on the whole line", async () => {
  const image = paintedLine("0123456789");
  const whole = await recognise(image, findLineInk(image), fakeRecogniser());
  const part = await recognise(image, findLineInk(image), fakeRecogniser(), { start: 76, end: 153 });
  assert.equal(part.characters.map(({ text }) => text).join(""), "345");
  for (const [index, { column }] of part.characters.entries())
    assert.ok(Math.abs(column - (whole.characters[index + 3]?.column ?? 0)) <= 8);
});
