import assert from "node:assert/strict";
import { test } from "node:test";
import type { Orientation } from "@quire/core";
import type { Bilevel } from "../../raster/binarise.ts";
import type { GreyRaster } from "../../raster/greyRaster.ts";
import { cutTurned, turned } from "./quarterTurns.ts";

/** Level 0 or 255 for each place of a page that no turn leaves as it is; neither side is a multiple of 8. */
const [width, height] = [21, 13];
const isInk = (x: number, y: number) => (x * 7 + y * 5 + x * y) % 3 === 0;
const places = Array.from({ length: width * height }, (_, index) =>
  isInk(index % width, Math.floor(index / width)),
);
const grey: GreyRaster = {
  width,
  height,
  dpi: 200,
  pixels: Uint8Array.from(places, (ink) => (ink ? 0 : 255)),
};
const bilevel = pack(places, width, height);

function pack(ink: readonly boolean[], width: number, height: number): Bilevel {
  const rowBytes = (width + 7) >> 3;
  const bits = new Uint8Array(rowBytes * height);
  ink.forEach((black, index) => {
    const place = Math.floor(index / width) * rowBytes * 8 + (index % width);
    if (black) bits[place >> 3] = (bits[place >> 3] as number) | (128 >> (place & 7));
  });
  return { width, height, rowBytes, bits, blackPixels: ink.filter(Boolean).length };
}

/** Where a place of an area of `width` × `height` comes to lie, and in which row length. */
const turns: Record<
  Orientation,
  (x: number, y: number, width: number, height: number) => [number, number, number]
> = {
  0: (x, y, width) => [x, y, width],
  90: (x, y, _, height) => [height - 1 - y, x, height],
  180: (x, y, width, height) => [width - 1 - x, height - 1 - y, width],
  270: (x, y, width, height) => [y, width - 1 - x, height],
};

for (const part of [
  { x: 0, y: 0, width, height },
  { x: 3, y: 2, width: 17, height: 9 },
]) {
  for (const turn of [0, 90, 180, 270] as const) {
    test(`${part.width} × ${part.height} pixels are turned by ${turn}°, in grey and in bits alike`, () => {
      const expected: boolean[] = [];
      for (let y = 0; y < part.height; y++) {
        for (let x = 0; x < part.width; x++) {
          const [toX, toY, rowLength] = turns[turn](x, y, part.width, part.height);
          expected[toY * rowLength + toX] = isInk(part.x + x, part.y + y);
        }
      }
      const cutGrey = cutTurned(grey, part, turn) as GreyRaster;
      assert.deepEqual(
        [...cutGrey.pixels].map((level) => level === 0),
        expected,
      );
      assert.deepEqual(cutTurned(bilevel, part, turn), pack(expected, cutGrey.width, cutGrey.height));
    });
  }
}

test("a page that is not turned is not copied", () => {
  assert.equal(turned(bilevel, 0), bilevel);
});
