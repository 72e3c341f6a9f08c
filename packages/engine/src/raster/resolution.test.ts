import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseResolution } from "./resolution.ts";

const plenty = 40_000_000;
const letter = [8.5, 11] as const;

test("a 300 dpi scan is read at 200, a drawn page at 300, a fax as it is", () => {
  assert.equal(chooseResolution(...letter, 300, plenty).dpi, 200);
  assert.equal(chooseResolution(...letter, null, plenty).dpi, 300);
  assert.equal(chooseResolution(...letter, 204, plenty).dpi, 204);
  for (const own of [204, 300, null]) {
    const { lowResolution, downscaled } = chooseResolution(...letter, own, plenty);
    assert.deepEqual([lowResolution, downscaled], [false, false], `${own} dpi`);
  }
});

test("a coarse scan is enlarged, within reason, and said to be coarse", () => {
  assert.deepEqual(chooseResolution(...letter, 100, plenty), {
    dpi: 200,
    lowResolution: true,
    downscaled: false,
  });
  assert.equal(chooseResolution(...letter, 40, plenty).dpi, 120);
});

test("a page that does not fit the memory is read smaller, and said to be", () => {
  const poster = chooseResolution(200, 200, null, 26_000_000);
  assert.ok(200 * 200 * poster.dpi ** 2 <= 26_000_001);
  assert.ok(poster.downscaled && poster.lowResolution);
});
