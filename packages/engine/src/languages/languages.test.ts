import assert from "node:assert/strict";
import { test } from "node:test";
import { languageTitle } from "./languageTitle.ts";
import { readsScript, scriptOf, scriptTitle } from "./script.ts";
import { usualFirst } from "./usualFirst.ts";

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

test("the usual language comes first", () => {
  assert.deepEqual(usualFirst(["fra", "deu", "eng"]), ["eng", "deu", "fra"]);
  assert.deepEqual(usualFirst(["fra", "deu"]), ["deu", "fra"]);
});
