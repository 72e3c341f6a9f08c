import assert from "node:assert/strict";
import { test } from "node:test";
import { languageTag, pageLanguage } from "./languageTag.ts";

test("a language as Tesseract names it has its tag of the web", () => {
  const tags = {
    eng: "en",
    deu: "de",
    frk: "de-Latf",
    srp_latn: "sr-Latn",
    chi_sim: "zh-Hans",
    kat_old: "ka",
    enm: "enm",
    jpn_vert: "ja",
  };
  for (const [name, tag] of Object.entries(tags)) assert.equal(languageTag(name), tag);
  for (const name of ["equ", "osd", "", '"', "script/Latin"]) assert.equal(languageTag(name), undefined);
});

test("a page read in several languages is said to be in none", () => {
  assert.equal(pageLanguage({ languages: ["fra"] }), "fr");
  assert.equal(pageLanguage({ languages: ["fra", "eng"] }), undefined);
  assert.equal(pageLanguage({ languages: [] }), undefined);
});
