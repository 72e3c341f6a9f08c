import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findModels } from "@quire/models";
import { type Calibration, checkOf, confidenceOf, uncalibrated } from "./confidence.ts";
import { readCalibration } from "./readCalibration.ts";
import type { Character } from "./recognise.ts";

/** A word read with these probabilities; `second` is what the other recogniser read, as surely. */
function word(text: string, probability: number, second?: string): Character[] {
  return [...text].map((each, index) => ({
    ...{ text: each, probability, column: index * 16 },
    ...(second !== undefined && { second: { text: second[index] ?? "", probability } }),
  }));
}

test("a word was checked if each of its characters was read again, and agreed on if all are the same", () => {
  assert.equal(checkOf(word("12", 0.9)), "once");
  assert.equal(checkOf(word("12", 0.9, "12")), "agreed");
  assert.equal(checkOf(word("12", 0.9, "17")), "disagreed");
  assert.equal(checkOf(word("12", 0.9, "1")), "disagreed");
  assert.equal(checkOf([...word("1", 0.9, "1"), ...word("2", 0.9)]), "once");
});

const packaged = readCalibration(findModels(null));

for (const [name, calibration] of [
  ["the stand-in", uncalibrated],
  ["the packaged calibration", packaged],
] as const) {
  test(`by ${name} a word is surer the more probable its characters are, within 0 and 100`, () => {
    for (const second of [undefined, "1234"]) {
      let before = -1;
      for (const probability of [0, 0.01, 0.3, 0.5, 0.8, 0.95, 0.999, 1]) {
        const confidence = confidenceOf(word("1234", probability, second), calibration);
        assert.ok(
          confidence >= before && confidence >= 0 && confidence <= 100,
          `${probability}: ${confidence}`,
        );
        before = confidence;
      }
      assert.ok(before > 90);
    }
  });

  test(`by ${name} recognisers that disagree are less sure than those that agree`, () => {
    const [agreed, disagreed] = ["1234", "1284"].map((second) =>
      confidenceOf(word("1234", 0.99, second), calibration),
    );
    assert.ok((disagreed as number) < (agreed as number));
  });
}

test("by the stand-in a disagreement is always marked, and so is what only one has read with less than 0.9", () => {
  assert.ok(confidenceOf(word("12", 0.9999, "17"), uncalibrated) < 100);
  assert.ok(confidenceOf(word("12", 0.89), uncalibrated) < uncalibrated.uncertainNumber);
});

test("a calibration of other models, a damaged one and a missing one are not believed", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "quire-calibration-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const models = { ...findModels(null), calibrationPath: join(folder, "calibration.json") };
  assert.equal(readCalibration(models), uncalibrated);
  const fitted: Calibration = {
    ...uncalibrated,
    models: [models.fast.name, models.accurate.name],
    uncertainWord: 71,
  };
  const written = (content: unknown) => {
    writeFileSync(models.calibrationPath, JSON.stringify(content));
    return readCalibration(models);
  };
  assert.deepEqual(written(fitted), fitted);
  assert.equal(written({ ...fitted, models: [models.fast.name, "another"] }), uncalibrated);
  assert.equal(written({ ...fitted, once: [1, 2] }), uncalibrated);
  assert.equal(written({ ...fitted, uncertainNumber: null }), uncalibrated);
});
