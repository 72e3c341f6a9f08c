import assert from "node:assert/strict";
import { test } from "node:test";
import type { Orientation } from "@quire/core";
import type { TextLine } from "./lineImage.ts";
import { findOrientation, measureSkew, type TryLine, toLines } from "./orient.ts";
import type { Rectangle } from "./rectangles.ts";

function rectangle(width: number, height: number, y = 100, angle = 0): Rectangle {
  return { x: 200, y, width, height, angle };
}

const flat = [1, 2, 3, 4, 5, 6].map((index) => rectangle(300, 20, index * 40));
const tall = [1, 2, 3, 4, 5, 6].map((index) => rectangle(20, 300, index * 40));

/** A page whose lines read well where they run in one direction, and notes which ones were tried. */
function readsAt(orientation: Orientation) {
  const tried: TextLine[] = [];
  const tryLine: TryLine = async (line) => {
    tried.push(line);
    const clockwise = ((((-line.angle * 180) / Math.PI) % 360) + 360) % 360;
    return Math.round(clockwise) === orientation ? 0.97 : 0.5;
  };
  return { tryLine, tried };
}

test("which way up a page is shows in how well its lines read", async () => {
  for (const orientation of [0, 180] as const)
    assert.equal(await findOrientation(flat, readsAt(orientation).tryLine), orientation);
  for (const orientation of [90, 270] as const)
    assert.equal(await findOrientation(tall, readsAt(orientation).tryLine), orientation);
});

test("a page that reads well as its lines run is tried one way only, on the beginnings of its longest lines", async () => {
  const { tryLine, tried } = readsAt(0);
  await findOrientation([...flat, rectangle(900, 20, 300)], tryLine);
  assert.equal(tried.length, 4);
  for (const { length, thickness } of tried) assert.ok(length <= 8 * thickness);
  // The longest one begins at 200 - 450.
  const [longest] = tried as [TextLine];
  assert.equal(longest.x - longest.length / 2, -250);
});

test("upside down it is the other end that is tried", async () => {
  const { tryLine, tried } = readsAt(180);
  await findOrientation([rectangle(900, 20)], tryLine);
  const last = tried.at(-1) as TextLine;
  assert.ok(Math.abs(last.x + last.length / 2 - 650) < 1e-9);
});

test("where neither way reads well, or nothing tells, a page stays as it lies", async () => {
  assert.equal(await findOrientation(flat, async () => 0.5), 0);
  assert.equal(await findOrientation([], async () => 1), 0);
  assert.equal(await findOrientation([rectangle(20, 20)], async () => 1), 0);
});

test("a few vertical lines on a page do not turn it", async () => {
  assert.equal(await findOrientation([...flat, ...tall.slice(0, 2)], readsAt(0).tryLine), 0);
});

test("lines run in the direction of the page; one across the others has two candidates", () => {
  for (const [orientation, degrees] of [
    [0, 0],
    [90, -90],
    [180, -180],
    [270, -270],
  ] as const) {
    const sideways = orientation % 180 !== 0;
    const [usual, across] = toLines(
      sideways ? [...tall, rectangle(300, 20)].slice(-2) : [...flat, rectangle(20, 300)].slice(-2),
      orientation,
    );
    assert.ok(usual && across);
    assert.equal(usual.reversed, null);
    assert.deepEqual([usual.line.length, usual.line.thickness], [300, 20]);
    assert.ok(Math.abs((usual.line.angle * 180) / Math.PI - degrees) < 1e-9);
    assert.ok(across.reversed);
    assert.deepEqual([across.line.length, across.reversed.length], [300, 300]);
    const turn = ((across.line.angle - across.reversed.angle) * 180) / Math.PI;
    assert.ok(Math.abs(Math.abs(turn) - 180) < 1e-9);
  }
});

test("a tall rectangle of one character is part of its line: an I or a 1", () => {
  const [, single] = toLines([...flat.slice(0, 1), rectangle(10, 30)], 0);
  assert.equal(single?.reversed, null);
  assert.equal(single?.line.length, 10);
});

test("skew is that of the long lines, in tenths of a degree", () => {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const lines = [2.04, 1.96, 2].map((degrees, index) => rectangle(300, 20, index * 40, radians(degrees)));
  assert.equal(
    measureSkew([...lines, rectangle(40, 20, 10, radians(-30)), rectangle(100, 20, 10, radians(14))]),
    2,
  );
  assert.equal(measureSkew([]), 0);
});
