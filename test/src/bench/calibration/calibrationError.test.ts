import assert from "node:assert/strict";
import { test } from "node:test";
import { calibrationBins, expectedCalibrationError, wrongAmongLowest } from "./calibrationError.ts";

const words = (confidence: number, right: number, wrong: number) =>
  Array.from({ length: right + wrong }, (_, index) => ({ confidence, correct: index < right }));

test("confidence that is the share of right words has no error, whatever the order", () => {
  const calibrated = [...words(0.9, 90, 10), ...words(0.5, 50, 50)];
  assert.ok(expectedCalibrationError(calibrated) < 1e-12);
  assert.ok(expectedCalibrationError(calibrated.toReversed()) < 1e-12);
});

test("the error is how far they are apart", () => {
  assert.equal(Number(expectedCalibrationError(words(0.9, 80, 20)).toFixed(9)), 0.1);
  assert.equal(calibrationBins(words(0.9, 80, 20)).length, 10);
});

test("wrong words among the lowest tenth; of equal confidence, as many as there are on average", () => {
  const told = [...words(0.2, 2, 8), ...words(0.9, 88, 2)];
  assert.ok(Math.abs(wrongAmongLowest(told, 0.1) - 0.8) < 1e-12);
  assert.ok(Math.abs(wrongAmongLowest(words(0.5, 90, 10), 0.1) - 0.1) < 1e-12);
});
