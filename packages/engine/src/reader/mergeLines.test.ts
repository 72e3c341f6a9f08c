import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeOverlapping } from "./mergeLines.ts";
import type { Rectangle } from "./rectangles.ts";

const line = (x: number, y: number, width: number, height = 20, angle = 0): Rectangle => ({
  x,
  y,
  width,
  height,
  angle,
});

test("parts of one line that overlap are joined, in whichever order they come", () => {
  const parts = [line(250, 50, 120), line(150, 52, 100), line(330, 50, 60)];
  for (const order of [parts, parts.toReversed()]) {
    const merged = mergeOverlapping(order);
    assert.equal(merged.length, 1);
    const [{ x, y, width, height }] = merged as [Rectangle];
    assert.deepEqual([x - width / 2, x + width / 2], [100, 360]);
    assert.deepEqual([y - height / 2, y + height / 2], [40, 62]);
  }
});

test("parts of a turned line are joined along it", () => {
  const angle = Math.PI / 12;
  const at = (along: number) =>
    line(200 + along * Math.cos(angle), 100 + along * Math.sin(angle), 100, 20, angle);
  const [merged, ...others] = mergeOverlapping([at(-40), at(40)]);
  assert.deepEqual(others, []);
  assert.ok(merged);
  const { x, y, width, height } = merged;
  assert.ok(Math.hypot(x - 200, y - 100) < 1e-9);
  assert.ok(Math.abs(width - 180) < 1e-9 && Math.abs(height - 20) < 1e-9);
});

test("what does not overlap, is on another line, much higher or turned otherwise stays apart", () => {
  for (const other of [
    line(210, 50, 100),
    line(150, 60, 100),
    line(150, 50, 100, 40),
    line(150, 50, 100, 20, 0.2),
    line(150, 50, 10, 20),
  ])
    assert.equal(mergeOverlapping([line(100, 50, 100), other]).length, 2);
});
