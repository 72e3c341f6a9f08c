import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecognisedWord } from "../parseTsv.ts";
import { languageTitle } from "./languageTitle.ts";
import { gainFrom, rateReading } from "./rateReading.ts";
import { readsScript, scriptOf, scriptTitle } from "./script.ts";
import { usualFirst } from "./usualFirst.ts";

const words = (...read: [text: string, confidence: number][]): RecognisedWord[] =>
  read.map(([text, confidence], index) => ({
    text,
    confidence,
    box: { x: index * 100, y: 0, width: 90, height: 30 },
    line: 0,
    block: 0,
    paragraph: 0,
  }));

test("a model's language and script are named", () => {
  const named = ["eng", "deu", "ell", "rus", "chi_sim_vert", "chi_tra", "srp_latn", "spa_old", "tlh_x"].map(
    (model) => `${languageTitle(model)}, ${scriptOf(model)}`,
  );
  assert.deepEqual(named.slice(0, 8), [
    "English, Latn",
    "German, Latn",
    "Greek, Grek",
    "Russian, Cyrl",
    "Simplified Chinese (vertical), Hans",
    "Traditional Chinese, Hant",
    "Serbian (Latin), Latn",
    "Spanish (old spelling), Latn",
  ]);
  assert.equal(languageTitle("xxq"), "xxq");
  assert.equal(scriptTitle("rus"), "Cyrillic");
  assert.equal(scriptTitle("xxq"), "");
});

test("a script that was seen is read by the models of its languages", () => {
  assert.ok(readsScript("rus", "Cyrillic") && readsScript("frk", "Fraktur") && readsScript("jpn", "Han"));
  assert.ok(!readsScript("eng", "Cyrillic") && !readsScript("eng", "Common") && !readsScript("xxq", "Latin"));
});

test("a reading is rated by its letters, and not by digits or a few of them", () => {
  assert.equal(rateReading(words(["pneumonia", 90], ["12345678901234567890", 10], ["haemoglobin", 90])), 90);
  assert.equal(rateReading(words(["aaaaaaaaaa", 100], ["bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", 60])), 70);
  assert.equal(rateReading(words(["few", 99])), 0);
});

test("a reading gains from words that another is surer of, where they stand at the same place", () => {
  const english = words(["house", 90], ["Hauserl", 50]);
  assert.equal(gainFrom(english, words(["hovse", 40], ["Häuser", 92])), (7 * 42) / 12);
  const [elsewhere] = words(["Häuser", 99]) as [RecognisedWord];
  assert.equal(gainFrom(english, [{ ...elsewhere, box: { ...elsewhere.box, y: 400 } }]), 0);
  assert.equal(gainFrom([], english), 0);
});

test("the usual language comes first", () => {
  assert.deepEqual(usualFirst(["fra", "deu", "eng"]), ["eng", "deu", "fra"]);
  assert.deepEqual(usualFirst(["fra", "deu"]), ["deu", "fra"]);
});
