import assert from "node:assert/strict";
import { test } from "node:test";
import { findRectangles, type Rectangle } from "./rectangles.ts";
import type { GreyImage } from "./resize.ts";

const [width, height] = [300, 200];

/** A map of the probability of text: the same within each rectangle, none elsewhere. */
function probabilityMap(areas: readonly Rectangle[], probability = 220): GreyImage {
  const pixels = new Uint8Array(width * height);
  for (const area of areas) {
    const cos = Math.cos(area.angle);
    const sin = Math.sin(area.angle);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const along = (x + 0.5 - area.x) * cos + (y + 0.5 - area.y) * sin;
        const across = (y + 0.5 - area.y) * cos - (x + 0.5 - area.x) * sin;
        if (Math.abs(along) <= area.width / 2 && Math.abs(across) <= area.height / 2)
          pixels[y * width + x] = probability;
      }
    }
  }
  return { width, height, pixels };
}

test("an upright area is grown by its area and circumference, around its centre", () => {
  const found = findRectangles(probabilityMap([{ x: 100, y: 50, width: 60, height: 10, angle: 0 }]));
  // 60 × 10 × 1.4 / 140 = 6 on each side.
  assert.deepEqual(found, [{ x: 100, y: 50, width: 72, height: 22, angle: 0 }]);
});

test("a turned area comes out turned", () => {
  for (const degrees of [-20, 8, 30]) {
    const angle = (degrees * Math.PI) / 180;
    const [found] = findRectangles(probabilityMap([{ x: 150, y: 100, width: 120, height: 12, angle }]));
    assert.ok(found);
    assert.ok(Math.abs(found.angle - angle) < 0.03, `${found.angle} for ${angle}`);
    assert.ok(Math.hypot(found.x - 150, found.y - 100) < 1);
    // 120 × 12, grown by 7.6 on each side, and the corners of pixels around it.
    assert.ok(Math.abs(found.width - 135.3) < 3.5 && Math.abs(found.height - 27.3) < 3.5);
  }
});

test("areas apart are rectangles of their own; specks and improbable ones are none", () => {
  const areas = [
    { x: 60, y: 30, width: 80, height: 10, angle: 0 },
    { x: 60, y: 80, width: 80, height: 10, angle: 0 },
    { x: 200, y: 30, width: 2, height: 2, angle: 0 },
  ];
  assert.equal(findRectangles(probabilityMap(areas)).length, 2);
  assert.deepEqual(findRectangles(probabilityMap(areas, 90)), []);
  assert.deepEqual(findRectangles(probabilityMap([])), []);
});
