import type { Calibration } from "@quire/engine/calibration";
import type { RatedWord } from "../bench/calibration/calibrationError.ts";
import { fitLogistic, predictLogistic } from "../bench/calibration/logisticRegression.ts";
import type { SampledWord } from "./readWords.ts";

/** A word is marked where it is nearly as likely wrong as right, a number where one in ten would be wrong. */
const uncertainBelow = { word: 60, number: 90 };

/** Fits the weights for each way in which a word was checked, and the limits below which it is uncertain. */
export function fitCalibration(words: readonly SampledWord[], models: readonly string[]): Calibration {
  const weightsOf = (check: SampledWord["check"]) => {
    const cases = words.filter((word) => word.check === check);
    // The first feature is the constant, which the regression has of its own.
    const { bias, weights } = fitLogistic(
      cases.map((word) => word.features.slice(1)),
      cases.map(({ correct }) => correct),
      { ridge: 1 },
    );
    return [bias, ...weights].map((weight) => Math.round(weight * 10_000) / 10_000);
  };
  return {
    models: [...models],
    once: weightsOf("once"),
    agreed: weightsOf("agreed"),
    disagreed: weightsOf("disagreed"),
    uncertainWord: uncertainBelow.word,
    uncertainNumber: uncertainBelow.number,
  };
}

/** A word's confidence as a share, whether it is marked, and whether it is right. */
export function rate(
  word: SampledWord,
  calibration: Calibration,
): RatedWord & { readonly uncertain: boolean } {
  const [bias = 0, ...weights] = calibration[word.check];
  const confidence = predictLogistic({ bias, weights }, word.features.slice(1));
  const limit = word.hasDigit ? calibration.uncertainNumber : calibration.uncertainWord;
  const uncertain = (word.hasDigit && word.check === "disagreed") || 100 * confidence < limit;
  return { confidence, correct: word.correct, uncertain };
}
