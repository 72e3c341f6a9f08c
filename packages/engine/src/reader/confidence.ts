import * as v from "valibot";
import type { Character } from "./recognise.ts";

const finite = v.pipe(v.number(), v.finite());
/** Weights of a logistic regression over {@link features}, in their order. */
const WeightsSchema = v.pipe(v.array(finite), v.length(5));

/**
 * What `npm run calibrate` fits for a pair of recognisers. `once`, `agreed`, `disagreed`: for words that one of them read,
 * and for words that both did. `uncertainWord`, `uncertainNumber`: confidence (0–100) below which a word without and with
 * digits is marked uncertain.
 */
export const CalibrationSchema = v.object({
  models: v.array(v.string()),
  once: WeightsSchema,
  agreed: WeightsSchema,
  disagreed: WeightsSchema,
  uncertainWord: finite,
  uncertainNumber: finite,
});
export type Calibration = v.InferOutput<typeof CalibrationSchema>;

/** For models that were never calibrated: the probability of the least probable character, and every doubt counts. */
export const uncalibrated: Calibration = {
  models: [],
  once: [0, 1, 0, 0, 0],
  agreed: [0, 1, 0, 0, 0],
  disagreed: [-1, 0.5, 0, 0, 0],
  uncertainWord: 60,
  uncertainNumber: 90,
};

/** How far a word was checked by the second recogniser. */
export type Check = "once" | "agreed" | "disagreed";

export function checkOf(characters: readonly Character[]): Check {
  if (characters.some(({ text, second }) => second && second.text !== text)) return "disagreed";
  return characters.every(({ second }) => second) ? "agreed" : "once";
}

/**
 * What the confidence of a word is computed from: 1; the logit of its least probable character; the mean logit; the
 * same of the other reading, least and mean, where there is one, else the number of its characters.
 */
export function features(characters: readonly Character[], check: Check): number[] {
  const own = logits(characters.map(({ probability }) => probability));
  const rest =
    check === "once"
      ? [Math.log(characters.length), 0]
      : logits(characters.map(({ probability, second }) => (second ? second.probability : probability)));
  return [1, ...own, ...rest];
}

/** The least and the mean logit of probabilities. */
function logits(probabilities: readonly number[]): [number, number] {
  const each = probabilities.map(logit);
  return [Math.min(...each), each.reduce((sum, value) => sum + value, 0) / each.length];
}

/** Probabilities are believed to a ten-thousandth. */
const minDoubt = 1e-4;

function logit(probability: number): number {
  const bounded = Math.min(1 - minDoubt, Math.max(minDoubt, probability));
  return Math.log(bounded / (1 - bounded));
}

/** How sure a word is, 0–100: of words with a confidence of 90, nine in ten are right. */
export function confidenceOf(characters: readonly Character[], calibration: Calibration): number {
  const check = checkOf(characters);
  const weights = calibration[check];
  const sum = features(characters, check).reduce(
    (total, value, index) => total + value * (weights[index] as number),
    0,
  );
  return Math.round(1000 / (1 + Math.exp(-sum))) / 10;
}
