import assert from "node:assert/strict";
import { test } from "node:test";
import { isCovered, modelForScript, suspectUncovered } from "./coverage.ts";

const words = (text: string, confidence: number) =>
  text.split(" ").map((each) => ({ text: each, confidence }));
const suspect = (text: string, confidence = 99) => suspectUncovered(words(text, confidence));

test("languages in Latin letters are covered, but for Vietnamese; other scripts are not", () => {
  for (const language of ["eng", "deu", "fra", "ron", "pol", "tur", "srp_latn"])
    assert.ok(isCovered(language), language);
  for (const language of ["vie", "rus", "ell", "chi_sim", "jpn", "ara", "srp", "xxq"])
    assert.ok(!isCovered(language), language);
});

const english = "The patient was seen in the clinic on Tuesday and reports no further complaints since then";

test("nothing speaks against a page in English, or in German with a few Greek letters", () => {
  assert.deepEqual(suspect(english), { script: null, surely: false, language: null });
  assert.deepEqual(
    suspect("Der Wert für α-Fetoprotein und β-HCG liegt im Normbereich, bitte in drei Monaten kontrollieren"),
    { script: null, surely: false, language: null },
  );
});

test("many Greek letters are a Greek page, a few letters are nothing", () => {
  assert.equal(
    suspect("ΚAΡΔIOΛOΓIKΗ ΕΞΕTAΣΗ ασθενής χωρίς συμπτώματα και φυσιολογική πίεση").script,
    "Greek",
  );
  assert.equal(suspect("αβγ δε").script, null);
});

test("letters that only Vietnamese has are Vietnamese", () => {
  const text =
    "Bệnh nhân được khám tại phòng khám và không có triệu chứng nào đáng kể trong những ngày vừa qua";
  assert.equal(suspect(text).language, "vie");
  assert.equal(suspect(text.normalize("NFD")).language, "vie");
  assert.equal(suspect(`${english} at the Đakovo branch`).language, null);
});

test("common words that only Romanian has are Romanian, their diacritics read or not", () => {
  assert.equal(
    suspect("Pacientul nu a fost internat şi este trimis pentru control la medicul de familie").language,
    "ron",
  );
  assert.equal(suspect("Pacientul este stabil si nu are febra").language, "ron");
  assert.equal(suspect("Se il paziente si sente bene non prende nulla, si consiglia riposo").language, null);
  assert.equal(suspect(`${english}, for example this one pentru`).language, null);
});

test("a page that was mostly read badly may be in any script", () => {
  assert.deepEqual(suspect(english, 90), { script: null, surely: false, language: null });
  assert.deepEqual(suspect(english, 80), { script: "unknown", surely: false, language: null });
  assert.deepEqual(suspect(`${english} ${english}`, 40), { script: "unknown", surely: true, language: null });
  assert.equal(suspect("one two", 10).script, null);
});

test("a script is read by the usual model for it, or another, or one to be installed is named", () => {
  assert.deepEqual(modelForScript("Cyrillic", ["bul", "eng", "rus"]), { model: "rus" });
  assert.deepEqual(modelForScript("Cyrillic", ["bul", "eng"]), { model: "bul" });
  assert.deepEqual(modelForScript("Cyrillic", ["eng"]), { missing: "rus" });
  assert.deepEqual(modelForScript("Han", ["chi_tra"]), { model: "chi_tra" });
  assert.deepEqual(modelForScript("Hangul", []), { missing: "kor" });
});
