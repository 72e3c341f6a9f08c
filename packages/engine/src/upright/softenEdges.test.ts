import assert from "node:assert/strict";
import { test } from "node:test";
import { binarise } from "../raster/binarise.ts";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { softenEdges } from "./softenEdges.ts";
import { planStraightening, straighten } from "./straighten.ts";

const dpi = 200;

function page(width: number, height: number, level: (x: number, y: number) => number): GreyRaster {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[y * width + x] = level(x, y);
  return { width, height, dpi, pixels };
}

test("a grey bar of a fax, which is printed in dots, has no pattern when the page is straightened", () => {
  const degrees = 2;
  const side = 400;
  const bar = () => page(side, side, (x, y) => (y >= 150 && y < 250 && (x + y) % 2 === 0 ? 0 : 255));
  const changes = (fax: GreyRaster) => {
    const { bits, rowBytes, width, height } = binarise(
      straighten(fax, planStraightening(fax, degrees, side * side * 2)),
    ).bilevel;
    const bit = (x: number, y: number) => ((bits[y * rowBytes + (x >> 3)] as number) >> (7 - (x & 7))) & 1;
    let count = 0;
    for (let y = 0; y < height; y++) for (let x = 1; x < width; x++) count += bit(x, y) ^ bit(x - 1, y);
    return count;
  };
  const softened = bar();
  softenEdges(softened);
  assert.ok(changes(bar()) > 10_000);
  assert.ok(changes(softened) < 100);
});

test("edges become grey, black and white stay, and the page keeps its ink", () => {
  const fax = page(40, 30, (x, y) => (x >= 10 && x < 30 && y >= 10 && y < 20 ? 0 : 255));
  const ink = ({ pixels }: GreyRaster) => pixels.reduce((sum, level) => sum + 255 - level, 0);
  const before = ink(fax);
  softenEdges(fax);
  const at = (x: number, y: number) => fax.pixels[y * fax.width + x] as number;
  assert.equal(at(20, 15), 0);
  assert.ok(at(10, 15) > 40 && at(10, 15) < 127, "black at the edge stays the darker half");
  assert.ok(at(9, 15) > 127 && at(9, 15) < 215);
  assert.deepEqual([at(0, 0), at(5, 5), at(39, 29)], [255, 255, 255]);
  assert.ok(Math.abs(ink(fax) - before) / before < 0.02);
});

test("a page with grey levels of its own is left as it is", () => {
  const scan = page(40, 30, (x) => (x < 20 ? 0 : x === 20 ? 128 : 255));
  const before = scan.pixels.slice();
  softenEdges(scan);
  assert.deepEqual(scan.pixels, before);
});
