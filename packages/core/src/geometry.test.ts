import assert from "node:assert/strict";
import { test } from "node:test";
import { type PageGeometry, readingSpace, toReadingSpace, wordRectangle } from "./geometry.ts";

const upright: PageGeometry = { width: 800, height: 1000, orientation: 0, skew: 0 };
const box = { x: 100, y: 50, width: 200, height: 30 };
const orientations = [0, 90, 180, 270] as const;

/** Turns a point clockwise about the origin, as it is seen with y downwards. */
function turned(x: number, y: number, degrees: number): [number, number] {
  const radians = (degrees * Math.PI) / 180;
  return [x * Math.cos(radians) - y * Math.sin(radians), x * Math.sin(radians) + y * Math.cos(radians)];
}

function boxAround(rectangle: ReturnType<typeof wordRectangle>) {
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([x = 0, y = 0]) =>
    turned((x * rectangle.width) / 2, (y * rectangle.height) / 2, rectangle.angleDegrees),
  );
  const width = Math.max(...corners.map(([x]) => x)) * 2;
  const height = Math.max(...corners.map(([, y]) => y)) * 2;
  return { x: rectangle.centreX - width / 2, y: rectangle.centreY - height / 2, width, height };
}

test("a page that lies on its side is read as wide as it is high", () => {
  assert.deepEqual(readingSpace(upright), { width: 800, height: 1000 });
  assert.deepEqual(readingSpace({ ...upright, orientation: 90 }), { width: 1000, height: 800 });
  assert.deepEqual(readingSpace({ ...upright, orientation: 180 }), { width: 800, height: 1000 });
});

test("a box turns clockwise with its page", () => {
  // Of the top edge: it comes to the right by a quarter turn, to the bottom by a half, to the left by three quarters.
  assert.deepEqual(toReadingSpace(upright, box), box);
  assert.deepEqual(toReadingSpace({ ...upright, orientation: 90 }, box), {
    x: 920,
    y: 100,
    width: 30,
    height: 200,
  });
  assert.deepEqual(toReadingSpace({ ...upright, orientation: 180 }, box), {
    x: 500,
    y: 920,
    width: 200,
    height: 30,
  });
  assert.deepEqual(toReadingSpace({ ...upright, orientation: 270 }, box), {
    x: 50,
    y: 500,
    width: 30,
    height: 200,
  });
});

test("the words of a straight page fill their boxes, and run where the page's orientation has them", () => {
  const angles = orientations.map((orientation) => wordRectangle({ ...upright, orientation }, { box }));
  assert.deepEqual(
    angles.map(({ angleDegrees }) => angleDegrees),
    [0, -90, 180, 90],
  );
  assert.deepEqual([angles[0]?.width, angles[0]?.height], [200, 30]);
  assert.deepEqual([angles[1]?.width, angles[1]?.height], [30, 200]);
  assert.ok(angles.every(({ centreX, centreY }) => centreX === 200 && centreY === 65));
});

test("a word's rectangle has the box it came from, however it lies", () => {
  for (const orientation of orientations) {
    for (const skew of [-15, -5, -0.5, 0.5, 2, 10, 15]) {
      const written = {
        centreX: 420,
        centreY: 300,
        width: 160,
        height: 25,
        angleDegrees: skew - orientation,
      };
      const around = boxAround(written);
      const found = wordRectangle({ ...upright, orientation, skew }, { box: around });
      assert.ok(Math.abs(found.width - 160) < 1e-6 && Math.abs(found.height - 25) < 1e-6);
      const again = boxAround(found);
      for (const side of ["x", "y", "width", "height"] as const) {
        assert.ok(Math.abs(again[side] - around[side]) < 1e-6);
      }
    }
  }
});

test("a box that no turned rectangle has gets one that can be pointed at", () => {
  const found = wordRectangle({ ...upright, skew: 15 }, { box: { x: 0, y: 0, width: 500, height: 2 } });
  assert.equal(found.height, 1);
  assert.ok(found.width > 400);
});
