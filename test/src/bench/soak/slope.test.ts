import assert from "node:assert/strict";
import { test } from "node:test";
import { slopeOf, studentT975 } from "./slope.ts";

test("Student's t is as in the tables", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: upper critical values, 0.975.
  const table = { 3: 3.182, 4: 2.776, 5: 2.571, 8: 2.306, 10: 2.228, 23: 2.069, 30: 2.042, 100: 1.984 };
  for (const [degrees, expected] of Object.entries(table)) {
    const difference = Math.abs(studentT975(Number(degrees)) - expected);
    assert.ok(difference < 0.005, `${degrees} degrees: ${studentT975(Number(degrees))}`);
  }
});

test("a line through points on it is known exactly", () => {
  const slope = slopeOf([0, 1, 2, 3, 4, 5].map((x) => ({ x, y: 7 + 2 * x })));
  assert.deepEqual(slope, { perUnit: 2, low: 2, high: 2, residualCorrelation: 0 });
});

test("scatter widens the interval on both sides", () => {
  // Worked by hand. x mean 3, Sxx 10, Sxy 20, residuals 0.2 -0.8 1.2 -0.8 0.2, SSE 2.8.
  const ys = [2.2, 3.2, 7.2, 7.2, 10.2];
  const slope = slopeOf(ys.map((y, index) => ({ x: index + 1, y })));
  assert.ok(slope);
  assert.ok(Math.abs(slope.perUnit - 2) < 1e-9);
  // 3.182 * sqrt(2.8 / 3 / 10)
  assert.ok(Math.abs(slope.high - slope.perUnit - 0.972) < 0.002);
  assert.ok(Math.abs(slope.perUnit - slope.low - 0.972) < 0.002);
  // (0.2 * -0.8 + -0.8 * 1.2 + 1.2 * -0.8 + -0.8 * 0.2) / 2.8
  assert.ok(Math.abs(slope.residualCorrelation + 0.8) < 1e-9);
});

test("a few points tell nothing", () => {
  assert.equal(slopeOf([1, 2, 3, 4].map((x) => ({ x, y: x }))), null);
});
