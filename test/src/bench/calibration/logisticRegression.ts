import { solve } from "./solve.ts";

/** Weights of a logistic regression: the share of right ones is `1 / (1 + exp(-(bias + weights · features)))`. */
export interface LogisticModel {
  readonly bias: number;
  readonly weights: readonly number[];
}

const maxSteps = 100;
const smallStep = 1e-8;

export function predictLogistic({ bias, weights }: LogisticModel, features: readonly number[]): number {
  return (
    1 / (1 + Math.exp(-weights.reduce((sum, weight, index) => sum + weight * (features[index] ?? 0), bias)))
  );
}

/**
 * Fits a logistic regression by Newton's method (iteratively reweighted least squares).
 *
 * @param rows the features of each case, as many for each
 * @param ridge penalty on the squares of the weights (not of the bias), so that separable cases have a fit too
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  { ridge = 1e-3 }: { readonly ridge?: number } = {},
): LogisticModel {
  const size = (rows[0]?.length ?? 0) + 1;
  let parameters = new Array<number>(size).fill(0);
  for (let step = 0; step < maxSteps; step++) {
    const gradient = parameters.map((value, index) => (index === 0 ? 0 : -ridge * value));
    const curvature = parameters.map((_, row) => parameters.map((_, column) => (row === column ? ridge : 0)));
    for (const [index, features] of rows.entries()) {
      const inputs = [1, ...features];
      const [bias = 0, ...weights] = parameters;
      const expected = predictLogistic({ bias, weights }, features);
      const error = (labels[index] ? 1 : 0) - expected;
      const weight = expected * (1 - expected);
      for (let row = 0; row < size; row++) {
        const input = inputs[row] as number;
        gradient[row] = (gradient[row] as number) + error * input;
        const line = curvature[row] as number[];
        for (let column = 0; column < size; column++)
          line[column] = (line[column] as number) + weight * input * (inputs[column] as number);
      }
    }
    const change = solve(curvature, gradient);
    // A step that is too long would overshoot where the cases are nearly separable.
    const longest = Math.max(...change.map(Math.abs), 1);
    parameters = parameters.map((value, index) => value + (change[index] as number) / longest);
    if (Math.max(...change.map(Math.abs)) < smallStep) break;
  }
  const [bias = 0, ...weights] = parameters;
  return { bias, weights };
}
