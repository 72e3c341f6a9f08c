/**
 * Fits what turns the recognisers' probabilities into confidence, on the corpus beside the checkout, and writes
 * `calibration.json` beside the models: those that come with Quire, or those in MODELS_DIR.
 */
import { writeFileSync } from "node:fs";
import { loadNetworks, uncalibrated } from "@quire/engine/calibration";
import { findModels } from "@quire/models";
import { expectedCalibrationError, wrongAmongLowest } from "../bench/calibration/calibrationError.ts";
import { halfOf } from "../bench/calibration/halves.ts";
import { corpusFolder } from "../bench/places.ts";
import { printTable } from "../bench/printTable.ts";
import { fitCalibration, rate } from "./fitCalibration.ts";
import { readWords, type SampledWord } from "./readWords.ts";

const models = findModels(process.env.MODELS_DIR || null);
const corpus = corpusFolder();
if (corpus === null)
  throw new Error("The corpus is not beside the checkout: there is nothing to calibrate on.");

const networks = await loadNetworks(models);
const words: SampledWord[] = [];
for await (const word of readWords(corpus, networks, uncalibrated)) words.push(word);
const half = (name: "fit" | "test") => words.filter(({ document }) => halfOf(document) === name);
const calibration = fitCalibration(half("fit"), [models.fast.name, models.accurate.name]);
writeFileSync(models.calibrationPath, `${JSON.stringify(calibration, null, 2)}\n`);

const rows = (["fit", "test"] as const).flatMap((name) =>
  ["as it is", "all"].map((which) => {
    const chosen = half(name).filter(({ degradation }) => which === "all" || degradation === "none");
    const rated = chosen.map((word) => rate(word, calibration));
    const numbers = chosen.filter(({ hasDigit }) => hasDigit);
    const marked = numbers.filter((word) => rate(word, calibration).uncertain);
    const missed = numbers.filter((word) => !word.correct && !rate(word, calibration).uncertain);
    return [
      name,
      which,
      String(chosen.length),
      String(chosen.filter(({ correct }) => !correct).length),
      expectedCalibrationError(rated).toFixed(4),
      (100 * wrongAmongLowest(rated, 0.1)).toFixed(1),
      ((100 * marked.length) / numbers.length).toFixed(1),
      `${missed.length} of ${numbers.length}`,
    ];
  }),
);
printTable(
  "Calibration",
  [
    "half",
    "pages",
    "words",
    "wrong",
    "expected error",
    "wrong in lowest 10 %",
    "numbers marked %",
    "wrong, not marked",
  ],
  rows,
);
console.log(`Written: ${models.calibrationPath}`);
