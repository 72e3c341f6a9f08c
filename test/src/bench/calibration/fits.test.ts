import assert from "node:assert/strict";
import { test } from "node:test";
import { seededNoise } from "../../samples/seededNoise.ts";
import { fitIsotonic, predictIsotonic } from "./isotonic.ts";
import { fitLogistic, predictLogistic } from "./logisticRegression.ts";
import { solve } from "./solve.ts";

test("equations are solved, whatever their order", () => {
  const solution = solve(
    [
      [0, 2, 1],
      [1, 1, 1],
      [2, 0, -1],
    ],
    [7, 6, -1],
  );
  assert.deepEqual(
    solution.map((value) => Number(value.toFixed(9))),
    [1, 2, 3],
  );
  assert.throws(() => solve([[0]], [1]), /singular/);
});

test("a logistic regression finds the weights that cases were drawn with", () => {
  const { even, normal } = seededNoise(1);
  const rows = Array.from({ length: 20_000 }, () => [normal(), normal()]);
  const truth = { bias: 0.5, weights: [2, -1] };
  const labels = rows.map((row) => even() < predictLogistic(truth, row));
  const { bias, weights } = fitLogistic(rows, labels);
  for (const [found, wanted] of [
    [bias, 0.5],
    [weights[0], 2],
    [weights[1], -1],
  ])
    assert.ok(Math.abs((found ?? 0) - (wanted ?? 0)) < 0.1, `${found} instead of ${wanted}`);
});

test("separable cases and a single class have a finite fit", () => {
  const separable = fitLogistic([[0], [1], [2], [3]], [false, false, true, true]);
  assert.ok(Number.isFinite(separable.weights[0]));
  assert.ok(predictLogistic(separable, [3]) > 0.9);
  const single = fitLogistic([[1], [2]], [true, true]);
  assert.ok(predictLogistic(single, [1]) > 0.9);
});

test("an isotonic fit pools what falls, joins equal scores and never falls", () => {
  const model = fitIsotonic([3, 1, 2, 4, 4, 5], [false, false, true, true, false, true]);
  assert.deepEqual(model.values, [0, 0.5, 0.5, 1]);
  assert.deepEqual(model.scores, [1, 2.5, 4, 5]);
  assert.equal(predictIsotonic(model, 0), 0);
  assert.equal(predictIsotonic(model, 9), 1);
  assert.equal(predictIsotonic(model, 4.5), 0.75);
});
