import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseResolution } from "./resolution.ts";

const plenty = 40_000_000;
const letter = { widthInches: 8.5, heightInches: 11 };

test("a scan is read as it is up to 300 dpi, a drawn page at 300", () => {
  const dpiOf = (ownDpi: number | null) => chooseResolution({ ...letter, ownDpi }, plenty).dpi;
  assert.deepEqual([600, 300, 204, null].map(dpiOf), [300, 300, 204, 300]);
  for (const ownDpi of [204, 300, 600, null]) {
    const { lowResolution, downscaled } = chooseResolution({ ...letter, ownDpi }, plenty);
    assert.deepEqual([lowResolution, downscaled], [false, false], `${ownDpi} dpi`);
  }
});

test("an image of unknown size keeps its pixels", () => {
  const screenshot = { widthInches: 1.05, heightInches: 11.7, ownDpi: 1_026, dpiIsAssumed: true };
  assert.equal(chooseResolution(screenshot, plenty).dpi, 1_026);
});

test("a coarse scan is enlarged, within reason, and said to be coarse", () => {
  assert.deepEqual(chooseResolution({ ...letter, ownDpi: 100 }, plenty), {
    dpi: 200,
    lowResolution: true,
    downscaled: false,
  });
  assert.equal(chooseResolution({ ...letter, ownDpi: 40 }, plenty).dpi, 120);
});

test("a page that does not fit the memory is read smaller, and said to be", () => {
  const poster = chooseResolution({ widthInches: 200, heightInches: 200, ownDpi: null }, 26_000_000);
  assert.ok(200 * 200 * poster.dpi ** 2 <= 26_000_001);
  assert.ok(poster.downscaled && poster.lowResolution);
});
