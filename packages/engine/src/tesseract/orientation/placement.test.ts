import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box, Orientation } from "@quire/core";
import type { GreyRaster } from "../../raster/greyRaster.ts";
import { toBoxSpace } from "./placement.ts";
import { turned } from "./quarterTurns.ts";
import { planStraightening, straighten } from "./straighten.ts";

const [width, height] = [700, 500];
const dpi = 200;
/** Turned and turned back, a word's rectangle may be wider by what it is blurred by, and by rounding. */
const slackPixels = 2;

/** A word that falls to the right by an angle, as a parallel strip of ink around a place. */
function pageWithWord(degrees: number, at: { x: number; y: number }): GreyRaster {
  const radians = (degrees * Math.PI) / 180;
  const pixels = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const along = (x - at.x) * Math.cos(radians) + (y - at.y) * Math.sin(radians);
      const across = (y - at.y) * Math.cos(radians) - (x - at.x) * Math.sin(radians);
      if (Math.abs(along) < 60 && Math.abs(across) < 10) pixels[y * width + x] = 0;
    }
  }
  return { width, height, dpi, pixels };
}

/** The rectangle around the ink of a page. */
function inkOf({ width, height, pixels }: GreyRaster): Box {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((pixels[y * width + x] as number) > 127) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function assertNear(actual: Box, expected: Box): void {
  const difference = [
    actual.x - expected.x,
    actual.y - expected.y,
    actual.x + actual.width - expected.x - expected.width,
    actual.y + actual.height - expected.y - expected.height,
  ];
  const worst = Math.max(...difference.map(Math.abs));
  assert.ok(worst <= slackPixels, `${JSON.stringify(actual)} for ${JSON.stringify(expected)}`);
}

for (const turn of [0, 90, 180, 270] as const satisfies readonly Orientation[]) {
  for (const degrees of [0, 2, -5, 15]) {
    test(`a word's box lies on its ink when turned back by ${turn}° and ${degrees}°`, () => {
      for (const at of [
        { x: 150, y: 100 },
        { x: 520, y: 390 },
      ]) {
        for (const maxPixels of [1_000_000, 250_000]) {
          const page = pageWithWord(degrees, at);
          const plan = degrees === 0 ? null : planStraightening(page, degrees, maxPixels);
          const straight = plan ? straighten(page, plan) : page;
          const recognised = inkOf(turned(straight, turn) as GreyRaster);
          if (plan) assert.ok(straight.width * straight.height <= maxPixels);
          assertNear(toBoxSpace(recognised, page, plan, turn), inkOf(page));
        }
      }
    });
  }
}

test("straight again, the word is as long and as high as it is", () => {
  const page = pageWithWord(10, { x: 350, y: 250 });
  const { width, height } = inkOf(straighten(page, planStraightening(page, 10, 1_000_000)));
  assert.ok(
    Math.abs(width - 120) <= slackPixels && Math.abs(height - 20) <= slackPixels,
    `${width} × ${height}`,
  );
});

test("a box that reaches out of the page ends at its edge", () => {
  const page = { width, height };
  const plan = planStraightening(page, 10, 1_000_000);
  const all = toBoxSpace({ x: 0, y: 0, ...plan.canvas }, page, plan, 0);
  assert.deepEqual(all, { x: 0, y: 0, width, height });
});
