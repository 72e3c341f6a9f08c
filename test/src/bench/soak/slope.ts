/** A straight line's rise through points, with what is not known about it. */
export interface Slope {
  /** Of y, for one of x. */
  readonly perUnit: number;
  /** The ends of its 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
  /**
   * How much of one point's distance from the line the next one shares, -1 to 1. The interval takes the points for
   * independent: near 0 it holds, near 1 it is too narrow.
   */
  readonly residualCorrelation: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** With fewer, {@link studentT975} is not exact, and the interval says nothing anyway. */
const fewestPoints = 5;

/**
 * Least squares, with the interval `t(0.975, n - 2)` standard errors to either side (see any text on simple linear
 * regression, such as NIST/SEMATECH e-Handbook of Statistical Methods, 4.1.4.1 and 4.4.3).
 *
 * @param points in the order of x
 * @returns null of fewer than five points
 */
export function slopeOf(points: readonly Point[]): Slope | null {
  const count = points.length;
  if (count < fewestPoints) return null;
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - meanX) ** 2));
  const perUnit = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread;
  const residuals = points.map(({ x, y }) => y - meanY - perUnit * (x - meanX));
  const squares = sum(residuals.map((residual) => residual ** 2));
  const degrees = count - 2;
  const half = studentT975(degrees) * Math.sqrt(squares / degrees / spread);
  const products = residuals.slice(1).map((residual, index) => residual * (residuals[index] as number));
  return {
    perUnit,
    low: perUnit - half,
    high: perUnit + half,
    residualCorrelation: squares === 0 ? 0 : sum(products) / squares,
  };
}

/** The normal distribution's quantile of 0.975. */
const z = 1.959963984540054;

/**
 * The quantile 0.975 of Student's t, by the expansion in Abramowitz and Stegun, Handbook of Mathematical Functions,
 * 26.7.5: right to 0.2 % from three degrees of freedom on, better the more there are.
 */
export function studentT975(degrees: number): number {
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((total, term, index) => total + term / degrees ** (index + 1), z);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
